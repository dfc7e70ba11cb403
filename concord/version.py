"""The version of Concord."""

VERSION = "0.1.0"
