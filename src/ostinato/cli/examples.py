"""Examples of each command, as its help shows them."""

ANALYZE_EXAMPLES = """\
examples:
  ostinato analyze film.mkv --song "California Dreamin'=song.flac" --out results
  ostinato analyze film.mkv --song "One=a.flac" --song "Two=b.mp3" --subtitles film.srt \\
      --scenes scenes.tsv --edition "a Blu-ray of 2021" --out results
  ostinato analyze --study study.toml --out results
  ostinato analyze film.mkv --song "One=a.flac" --out results --stems
  ostinato analyze film.mkv --song "One=a.flac" --out results --dry-run
"""
DEMO_EXAMPLES = """\
example:
  ostinato demo --out demo-out
"""
DISCOVER_EXAMPLES = """\
examples:
  ostinato discover film.mkv --out repeated
  ostinato discover film.mkv --out repeated --promote "D1=The waltz"
      writes repeated/cues/D1.flac, cut from the film, and says how to analyze with it
"""
FIGURES_EXAMPLES = """\
example:
  ostinato figures results --format pdf
  ostinato figures results --width column --palette grey
  ostinato figures results --width slide --equal-slopes
"""
REPORT_EXAMPLES = """\
example:
  ostinato report results      writes results/report.html again, as analyze and label do
  ostinato report results --embed-excerpts
      puts 10 seconds or less of each occurrence into it, from the stems of analyze --stems
"""
EXCERPTS_EXAMPLES = """\
example:
  ostinato analyze film.mkv --song "One=a.flac" --out results --stems
  ostinato excerpts results    writes results/excerpts/O1-film.flac, -song, -remainder ...
"""
INIT_EXAMPLES = """\
example:
  ostinato init my-study       then fill in my-study/study.toml and run
  ostinato analyze --study my-study/study.toml --out my-study/results
  ostinato init my-study --template chungking-express
"""
PLAN_EXAMPLES = """\
example:
  ostinato plan my-study/study.toml    writes my-study/plan.json, before the first run
"""
LABEL_EXAMPLES = """\
examples:
  ostinato label results                   draw 100 segments, and label them by ear in a browser
  ostinato label results --from results/labels/sample.tsv
  ostinato label results --from labels.txt --width 0.1
  ostinato label results --next 20         choose what trains best, before a sample is drawn
  ostinato label results --from results/labels/next-1.eaf
  ostinato label results --compare hers.eaf his.TextGrid
  ostinato label results --to labels.eaf   what is labelled, for ELAN
  ostinato label results --finds           listen for the songs: what was missed, what is wrong
"""
REVIEW_EXAMPLES = """\
examples:
  ostinato review results                  listen and correct, in the browser of this machine
  ostinato review results --author "Ana Ruiz"   your name stands beside all that you say
  ostinato review results --coder Ben      a second person, with a journal of their own
"""
CITE_EXAMPLES = """\
examples:
  ostinato cite results
  ostinato cite results --style chicago
  ostinato cite results --style bibtex > results.bib
  ostinato cite results --table csv > times.csv
"""
DOCTOR_EXAMPLES = """\
examples:
  ostinato doctor              is everything that the command needs in place?
  ostinato doctor film.mkv     which audio streams does the film have?
  ostinato doctor --clear-cache    remove what can be made again, and say how much that was
"""
CACHE_EXAMPLES = """\
examples:
  ostinato cache --list          what is kept, when it was used last, and how large all may become
  ostinato cache --verify        check every bit of it; what is damaged is removed, and made again
  ostinato cache --limit 20 --prune
  ostinato cache --clear
"""
