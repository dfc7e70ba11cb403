"""Programs that the trainers' own environment runs are not looked into for doctests here."""

collect_ignore = ["read_llamafactory.py", "train.py"]
