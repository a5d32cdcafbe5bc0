"""What is measured on: given by the environment, or fetched once into build/ (see run)."""
import os, subprocess, tempfile
from pathlib import Path

from measure import CORPUS


def source_trees():
    given = os.environ.get("LG_BENCH_TREE")
    if given:
        return [Path(p) for p in given.split(":")]
    linux, applications = linux_tree(), newest_files(repositories())
    return [tree for tree in (linux, applications) if tree is not None]


def newest_files(repos):
    """The files of HEAD of each repository, in a folder of its own."""
    for repo in repos:
        where = CORPUS / "applications" / repo.name
        if not where.exists():
            where.mkdir(parents=True)
            subprocess.run(f"git -C '{repo}' archive HEAD | tar -x -C '{where}'", shell=True, check=True)
    return CORPUS / "applications" if repos else None


def linux_tree():
    tree = CORPUS / "linux"
    if tree.exists():
        return tree
    print("  fetching Debian's linux source package ...", flush=True)
    CORPUS.mkdir(parents=True, exist_ok=True)
    try:
        package = subprocess.check_output("apt-cache depends linux-source | sed -n 's/.*Depends: //p' | head -1",
                                          shell=True, text=True).strip()
        subprocess.run(["apt-get", "download", "-q", package], cwd=CORPUS, check=True, stdout=subprocess.DEVNULL)
        deb = next(CORPUS.glob("linux-source*.deb"))
        subprocess.run(["dpkg-deb", "-x", deb, CORPUS / "deb"], check=True)
        tar = next((CORPUS / "deb/usr/src").glob("linux-source*.tar.*"))
        (CORPUS / "linux.part").mkdir()
        subprocess.run(["tar", "-xf", tar, "-C", CORPUS / "linux.part", "--strip-components=1"], check=True)
        (CORPUS / "linux.part").rename(tree)
    except (subprocess.CalledProcessError, StopIteration, OSError) as problem:
        print(f"  no large tree to be had ({problem}): not measured")
        return None
    return tree


def repositories():
    given = os.environ.get("LG_BENCH_REPOS")
    if given:
        return [Path(p) for p in given.split(":")]
    found = []
    for name, url in (("git", "https://github.com/git/git"), ("redis", "https://github.com/redis/redis"),
                      ("rails", "https://github.com/rails/rails")):
        where = CORPUS / f"{name}.git"
        if not where.exists():
            print(f"  fetching {url} ...", flush=True)
            CORPUS.mkdir(parents=True, exist_ok=True)
            if subprocess.run(["git", "clone", "-q", "--mirror", url, where], stderr=subprocess.DEVNULL).returncode:
                print(f"  {url} cannot be had: not measured")
                continue
        found.append(where)
    return found


def file_list(tree):
    """The files a scan of the tree looks at, NUL-separated, in a temporary file."""
    names = subprocess.check_output(["find", ".", "-type", "f", "-not", "-path", "./.git/*", "-print0"], cwd=tree)
    listing = tempfile.NamedTemporaryFile(suffix=".list", delete=False)
    listing.write(names)
    listing.close()
    return listing.name
