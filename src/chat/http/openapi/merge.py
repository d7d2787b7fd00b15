#!/usr/bin/env python3
"""Joins the fragments of the API's description into one document and writes it as a C++ source or as JSON.

usage: merge.py OUTPUT.cpp|OUTPUT.json BASE.json FRAGMENT.json...

BASE is the document without what the topics describe; each fragment has "paths" and "schemas". Anything that two of them
define and every reference without a target is an error.
"""

import json
import sys
from pathlib import Path


def join(base, fragments):
    document = json.loads(base.read_text())
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    paths = document.setdefault("paths", {})
    for fragment in fragments:
        parts = json.loads(fragment.read_text())
        for path, operations in parts.get("paths", {}).items():
            known = paths.setdefault(path, {})
            for method, operation in operations.items():
                if method in known:
                    sys.exit(f"{fragment}: {method.upper()} {path} is described twice")
                known[method] = operation
                if method == "get":  # every answer to a GET has an entity tag
                    operation["responses"].setdefault("304", {"$ref": "#/components/responses/NotModified"})
        for name, schema in parts.get("schemas", {}).items():
            if name in schemas:
                sys.exit(f"{fragment}: the schema {name} is defined twice")
            schemas[name] = schema
    return document


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def check_references(document):
    for reference in references(document):
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
        if target is None:
            sys.exit(f"the reference {reference} leads nowhere")


def cpp_source(text):
    rows = [",".join(map(str, text[at:at + 24])) for at in range(0, len(text), 24)]
    return (
        '#include "chat/http/openapi.hpp"\n\nnamespace parley::chat {\n\nnamespace {\n\n'
        "constexpr unsigned char document[] = {\n" + ",\n".join(rows) + "};\n\n}  // namespace\n\n"
        "std::string_view openapi_document() {\n"
        "    return {reinterpret_cast<const char*>(document), sizeof document};\n}\n\n}  // namespace parley::chat\n")


def main():
    output, base, *fragments = map(Path, sys.argv[1:])
    document = join(base, sorted(fragments))
    check_references(document)
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    if output.suffix == ".json":
        output.write_bytes(text)
    else:
        output.write_text(cpp_source(text))


main()
