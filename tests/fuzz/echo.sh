#!/bin/sh
# Stands for an extractor of PDFs: what comes in goes out.
exec cat
