# Dotenv files: judged by what is in them, and no value is shown.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

git init -q repo && cd repo
password=$(token password | cut -c 8-30)
printf 'PORT=3000\nDB_PASSWORD=%s\n' "$password" >.env
printf 'PORT=3000\nDB_PASSWORD=changeme\n' >.env.example
printf 'PORT=3000\n' >web.env
run 1 scan . --format jsonl
has out '"rule":"dotenv-file"'
has out 'DB_PASSWORD'
has out '"path":"web.env"'
lacks out "$password"
lacks out '"path":".env.example"'
rm .env
run 0 scan .
run 1 scan . --fail-on can-wait
