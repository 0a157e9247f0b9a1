"""As much of JSON Schema as src/dashboard/openapi.json uses. A word that is not known is a fault, so that no rule is skipped in silence."""
import datetime
import re

NOTES = {"description", "title", "default", "x-who"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def has_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def check_format(value, name, where):
    if name == "date-time":
        datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        assert value.endswith("Z"), f"{where}: {value} is not in UTC"
    elif name == "date":
        datetime.date.fromisoformat(value)
    else:
        raise AssertionError(f"{where}: unknown format {name}")


class Schemas:
    def __init__(self, document):
        self.document = document

    def resolve(self, node):
        while "$ref" in node:
            found = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def check(self, value, schema, where="$"):
        schema = self.resolve(schema)
        for word, rule in schema.items():
            if word in NOTES:
                continue
            getattr(self, "word_" + word, self.unknown(word))(value, rule, schema, where)

    @staticmethod
    def unknown(word):
        def fault(*_):
            raise AssertionError(f"the validator does not know '{word}'")
        return fault

    def word_type(self, value, rule, _, where):
        names = [rule] if isinstance(rule, str) else rule
        assert any(has_type(value, name) for name in names), f"{where}: {value!r} is not {' or '.join(names)}"

    def word_properties(self, value, rule, _, where):
        for name, schema in rule.items():
            if isinstance(value, dict) and name in value:
                self.check(value[name], schema, f"{where}.{name}")

    def word_required(self, value, rule, _, where):
        missing = [name for name in rule if isinstance(value, dict) and name not in value]
        assert not missing, f"{where}: {missing} missing"

    def word_additionalProperties(self, value, rule, schema, where):
        if not isinstance(value, dict):
            return
        for name in value.keys() - schema.get("properties", {}).keys():
            assert rule is not False, f"{where}: '{name}' is not described"
            if isinstance(rule, dict):
                self.check(value[name], rule, f"{where}.{name}")

    def word_items(self, value, rule, _, where):
        for index, item in enumerate(value if isinstance(value, list) else []):
            self.check(item, rule, f"{where}[{index}]")

    def word_enum(self, value, rule, _, where):
        assert value in rule, f"{where}: {value!r} is not one of {rule}"

    def word_anyOf(self, value, rule, _, where):
        faults = []
        for schema in rule:
            try:
                return self.check(value, schema, where)
            except AssertionError as fault:
                faults.append(str(fault))
        raise AssertionError(f"{where}: none fits: {faults}")

    def word_pattern(self, value, rule, _, where):
        assert not isinstance(value, str) or re.search(rule, value), f"{where}: {value!r} does not match {rule}"

    def word_format(self, value, rule, _, where):
        if isinstance(value, str):
            check_format(value, rule, where)

    def word_minimum(self, value, rule, _, where):
        assert not has_type(value, "number") or value >= rule, f"{where}: {value} is below {rule}"

    def word_maximum(self, value, rule, _, where):
        assert not has_type(value, "number") or value <= rule, f"{where}: {value} is above {rule}"

    def word_minLength(self, value, rule, _, where):
        assert not isinstance(value, str) or len(value) >= rule, f"{where}: shorter than {rule}"

    def word_maxLength(self, value, rule, _, where):
        assert not isinstance(value, str) or len(value) <= rule, f"{where}: longer than {rule}"
