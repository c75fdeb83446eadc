def cite(results): return ""
