# scan --stdin: one blob, in every encoding a file comes in.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
line="key = $(token one)"

printf 'first\n%s\n' "$line" | run 1 scan --stdin --name config.yml --format jsonl
has out '"path":"config.yml","line":2,"column":7,"end_line":2,"end_column":47'
printf 'first\r\n%s\r\n' "$line" | run 1 scan --stdin --format jsonl
has out '"line":2,"column":7'
for encoding in UTF-16LE UTF-16BE; do
  printf '\xEF\xBB\xBFfirst\n%s\n' "$line" | iconv -f UTF-8 -t "$encoding" | run 1 scan --stdin --format jsonl
  has out '"line":2'
done
printf '\xE9t\xE9 %s\n' "$line" | run 1 scan --stdin --format jsonl  # Latin-1
has out '"column":11'
printf 'a\0b %s\n' "$line" | run 1 scan --stdin --format jsonl # binary: a token that identifies itself is still found
printf '' | run 0 scan --stdin
echo 'nothing to see' | run 0 scan --stdin
