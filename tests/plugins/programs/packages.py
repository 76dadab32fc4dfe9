"""Install packages as a user in a notebook does: a kernel of the team's environment, started as a server would."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from checks import check, run
from mlops_environment import own_packages
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

HOMES = Path("homes with a blank")


def wheel(name, version, requires=()):
    """Make a package of one module, without an index."""
    path = Path("wheels") / f"{name}-{version}-py3-none-any.whl"
    path.parent.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(f"{name}.py", f"VERSION = {version!r}\n")
        made.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")
        made.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        made.writestr(f"{info}/RECORD", "")


def environment(user):
    """Return the variables of a user's server."""
    home = (HOMES / user).resolve()
    home.mkdir(parents=True, exist_ok=True)
    base = os.environ | {"HOME": str(home), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": Path("wheels").resolve().as_uri()}
    return base | own_packages.prepare(home, base)


def cell(user, *lines):
    """Run a cell in a kernel of its own, as after a restart; return what it printed."""
    notebook = new_notebook(cells=[new_code_cell("\n".join(lines))])
    client = NotebookClient(notebook, timeout=300, kernel_name="python3")
    with client.setup_kernel(env=environment(user)):
        client.execute_cell(notebook.cells[0], 0)
    return "".join(output.get("text", "") for output in notebook.cells[0].outputs)


def pip(user, *arguments):
    """Run pip as in a terminal of the user's."""
    argv = [sys.executable, "-m", "pip", *arguments]
    return subprocess.run(argv, env=environment(user), capture_output=True, text=True, check=False)


def shared():
    """Return what is in the shared environment, by name, and when each package was installed."""
    folder = Path(sysconfig.get_path("purelib"))
    # Not of the packages' own folders: importing one writes into it.
    records = {str(path): path.stat().st_mtime_ns for path in folder.glob("*.dist-info/RECORD")}
    return {path.name for path in folder.iterdir() if path.name != "__pycache__"}, records


for number in ("1.0", "2.0"):
    wheel("own_package", number)
wheel("wants_old_numpy", "1.0", ["numpy<2"])
wheel("wants_any_numpy", "1.0", ["numpy"])


@check
def a_package_stays_and_is_the_users_alone():
    before = shared()
    said = cell("ann", "%pip install own_package==1.0", "import own_package", "print('have', own_package.VERSION)")
    assert "have 1.0" in said, said
    assert "yours alone" in said, said
    assert "--set 'singleuser_packages=[\"own_package==1.0\"]'" in said, said
    assert "have 1.0" in cell("ann", "import own_package", "print('have', own_package.VERSION)")
    said = cell("bob", "import importlib.util", "print(importlib.util.find_spec('own_package'))")
    assert said.strip() == "None", said
    assert shared() == before


@check
def it_is_upgraded_and_uninstalled():
    pip("cid", "install", "own_package==1.0")
    assert pip("cid", "install", "own_package==2.0").returncode == 0
    found = [path.name for path in own_packages.site_packages((HOMES / "cid").resolve()).glob("own_package*")]
    assert "own_package-1.0.dist-info" not in found, found
    assert "own_package-2.0.dist-info" in found, found
    assert "Successfully uninstalled own_package-2.0" in pip("cid", "uninstall", "-y", "own_package").stdout
    assert "ModuleNotFoundError" in cell(
        "cid", "try:", "    import own_package", "except Exception as e: print(repr(e))"
    )


@check
def a_shared_package_is_neither_uninstalled_nor_put_aside():
    before = shared()
    done = pip("dee", "uninstall", "-y", "numpy")
    assert "outside environment" in done.stdout + done.stderr, done
    done = pip("dee", "install", "wants_old_numpy")
    assert done.returncode != 0
    assert "conflict" in done.stdout + done.stderr, done
    assert pip("dee", "install", "--upgrade", "wants_any_numpy").returncode == 0
    assert shared() == before
    said = cell("dee", "%pip install wants_old_numpy")
    assert "keep their versions" in said, said


@check
def a_home_survives_another_place_of_python():
    home = (HOMES / "eve").resolve()
    pip("eve", "install", "own_package==1.0")
    own = own_packages.folder(home)
    (own / "bin" / "python").unlink()
    (own / "bin" / "python").symlink_to("/gone/python")
    (own / "pyvenv.cfg").write_text("home = /gone\n")
    assert pip("eve", "install", "own_package==2.0").returncode == 0


@check
def a_terminals_python_is_the_shared_one():
    path = environment("fay")["PATH"].split(os.pathsep)
    assert path[-1] == str(own_packages.folder((HOMES / "fay").resolve()) / "bin")
    assert path[0] == str(Path(sys.executable).parent)
    again = own_packages.prepare((HOMES / "fay").resolve(), environment("fay"))
    assert again["PATH"] == os.pathsep.join(path)
    assert again["PYTHONPATH"].split(os.pathsep).count(str(own_packages.site_packages((HOMES / "fay").resolve()))) == 1


@check
def the_server_starts_with_all_of_it():
    home = (HOMES / "gil").resolve()
    home.mkdir(parents=True)
    # What would be imported in the place of Python's own, were the home on the path of imports.
    (home / "random.py").write_text("raise SystemExit('imported from the home')")
    argv = [sys.executable, "-P", "-m", "mlops_environment.singleuser", "--version"]
    done = subprocess.run(
        argv, env=os.environ | {"HOME": str(home)}, cwd=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip(), done
    assert (home / "examples" / "loop" / "loop.ipynb").is_file()


run()
