#!/usr/bin/env bash
# The main job on the sample batches, start to end, with the command that staff use.
#   ./demo.sh                runs, decides, seals, archives and checks both; writes var/demo/
#   ./demo.sh --verdicts     runs both and fills sample_inputs/*-review.xlsx again from their truth
set -euo pipefail
cd "$(dirname "$0")"
demo=var/demo
hedui=.venv/bin/hedui
python=.venv/bin/python
export HEDUI_HOME="$demo"
umask 077

say() { printf '\n== %s\n' "$*"; }

rm -rf "$demo"
mkdir -p "$demo/in"
# The sample batches as they are, but for the institution.
for kind in language degree; do
    cp -r "sample_inputs/$kind" "$demo/in/$kind"
    sed -i 's/^institution = .*/institution = "demonstration"/' "$demo/in/$kind/batch.toml"
done

if [ "${1:-}" = "--verdicts" ]; then
    for kind in language degree; do
        "$hedui" --quiet run "$demo/in/$kind" >/dev/null
        "$python" -m benchmarks.demonstration.verdicts "$demo/out/sample-$kind" "$demo/in/$kind" \
            "sample_inputs/$kind-review.xlsx"
    done
    exit 0
fi

cat <<'TEXT'
NOTE: these batches use the institution "demonstration" (institutions/demonstration.toml): one person decides
everything in a workbook. Blind typing, decisions by two people and quality samples are OFF; the shipped
policy has them on. Never use this institution for a real batch.
TEXT
"$python" -c 'import secrets; print(secrets.token_urlsafe(12))' >"$demo/password"
"$hedui" user add demo --role reviewer --password-file "$demo/password"
"$hedui" user add demo-lead --role lead --password-file "$demo/password"

for kind in language degree; do
    id="sample-$kind"
    out="$demo/out/$id"
    say "$id: the machine's part (hedui run)"
    "$hedui" run "$demo/in/$kind"
    say "$id: what people decide (hedui decide), from sample_inputs/$kind-review.xlsx"
    "$python" -m benchmarks.demonstration.verdicts "$out" "$demo/in/$kind" "$demo/$kind-review.xlsx" \
        --fit "sample_inputs/$kind-review.xlsx"
    "$hedui" decide "$id" "$demo/$kind-review.xlsx" --by demo
    say "$id: the lead signs it off (hedui seal), then the archive package and its check"
    "$hedui" seal "$id" --by demo-lead --confirm-returns
    "$hedui" archive "$id" | tee "$demo/archived"
    "$hedui" --quiet verify "$(tail -n 1 "$demo/archived")" --pdf "$out/archive/check.pdf"
done
rm "$demo/archived"

say "What happened, and where to look"
cat <<TEXT
Both batches were run, decided, signed off, archived, and their packages checked.
  $demo/out/sample-language/report.html       what came of it, for a browser
  $demo/out/sample-language/report.pdf        the same to sign and keep
  $demo/out/sample-language/results.csv       a row for each application
  $demo/out/sample-degree/forms/              the filled 学位申请表
  $demo/out/sample-*/archive/sample-*/        the archive packages (BagIt): index.csv in data/
  $demo/out/sample-*/archive/check.pdf        their check reports (四性检测), to print
To see one application:     HEDUI_HOME=$demo $hedui show sample-language 学号
To open the reviewers' pages on these batches (account demo-lead, password in $demo/password):
  HEDUI_HOME=$demo $hedui review
and open the address that it prints: http://127.0.0.1:8460/
To see them with work waiting, under the shipped policy:
  export HEDUI_HOME=var/try
  $hedui run sample_inputs/language && $hedui user add li --role reviewer && $hedui review
TEXT
