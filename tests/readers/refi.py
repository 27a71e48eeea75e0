"""Prints what pyrefiqda and qc read of the QDA files of an output folder, as JSON: the codes of the
codebook; the passages as [code, text] by pyrefiqda; and the coded lines as [code, line] by qc, which checks
the schema first. The second argument is an empty folder to work in."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from pyrefiqda import RefiCodebook, RefiProject

folder, work = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
(work / "qc").mkdir()


def names(codes):
    return [name for code in codes for name in [(code.guid, code.name), *names(code.code)]]


codebook = RefiCodebook.load(folder / "codebook.qdc")
project = RefiProject.load(folder / "project.qdpx", extract_dir=work / "extracted")
code_of = dict(names(project.code_book.codes.code))
passages = []
for source in project.sources.text_source:
    path = source.plain_text_path.replace("internal://", "")
    text = (work / "extracted/sources" / path).read_bytes().decode("utf-8")
    for selection in source.plain_text_selection:
        code = code_of[selection.coding[0].code_ref.target_guid]
        passages.append([code, text[selection.start_position : selection.end_position]])

# This release stops in a debugger otherwise.
environment = {**os.environ, "PYTHONBREAKPOINT": "0"}
qc = [str(Path(sys.executable).with_name("qc")), "init", "--import", str(folder / "project.qdpx")]
done = subprocess.run(qc, cwd=work / "qc", env=environment, capture_output=True, text=True)
if done.returncode or "Error" in done.stdout + done.stderr or "did not validate" in done.stdout:
    sys.exit(done.stdout + done.stderr)
database = sqlite3.connect(work / "qc/qualitative_coding.sqlite3")
lines = database.execute("select code_id, line from coded_line order by line, code_id").fetchall()
codes = [name for _, name in names(codebook.codes.code)]
print(json.dumps({"codes": codes, "passages": passages, "lines": lines}))
