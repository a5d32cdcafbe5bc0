"""yaml_schema.py SCHEMA FILE...: validates the last document of each YAML file against a JSON Schema."""
import json
import re
import sys

import jsonschema
import yaml

schema = json.load(open(sys.argv[1], encoding="utf-8"))
validator = jsonschema.validators.validator_for(schema)(schema)
failed = False
for name in sys.argv[2:]:
    text = open(name, encoding="utf-8").read()
    # GitLab fills component inputs in before it reads the file.
    text = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", r"\1", text)
    # A YAML 1.1 reader takes a bare `on` for true.
    text = re.sub(r"(?m)^on:", '"on":', text)
    documents = list(yaml.safe_load_all(text))
    for error in validator.iter_errors(documents[-1]):
        failed = True
        print(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
sys.exit(1 if failed else 0)
