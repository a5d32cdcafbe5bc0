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
# Ignored it lies where it should, also where somebody asks to look at it: the password is shown, the file is no
# exposure. Unless it is tracked all the same.
mv web.env ..
mkdir -p secret/deep && cp .env secret/deep/.env
printf '/.env\nsecret/\n' >.gitignore
for ask in ". --all-files" .env secret secret/deep secret/deep/.env; do
  # shellcheck disable=SC2086
  run 1 scan $ask --format jsonl
  has out '"rule":"generic-password-unquoted"'
  lacks out '"rule":"dotenv-file"'
done
git add -f secret/deep/.env
for ask in . ". --all-files" secret secret/deep secret/deep/.env; do
  # shellcheck disable=SC2086
  run 1 scan $ask --format jsonl
  has out '"rule":"dotenv-file"'
  has out '"path":"secret/deep/.env"'
done
git rm -q -r --cached secret && rm -r .gitignore secret
mv ../web.env .
rm .env
run 0 scan .
run 1 scan . --fail-on can-wait

# A template is one by any of its names, for the rules of passwords too.
mkdir templates
for part in example sample template tmpl tpl dist default defaults schema spec ci testing; do
  printf 'DB_PASSWORD=changeme\n' >"templates/.env.$part"
done
run 0 scan templates --fail-on can-wait

# One that is longer than a window is judged by its beginning, never passed over.
rm -f .env.example web.env
{ printf 'PORT=3000\nDB_PASSWORD=%s\n' "$password"; head -c 5000000 /dev/zero | tr '\0' '\n'; } >.env
run 1 scan . --format jsonl
has out '"rule":"dotenv-file","severity":"launch-blocker"'
