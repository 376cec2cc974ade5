import { describe, expect, it } from 'vitest';
import { read, summary } from './calls.ts';

describe('pip', () => {
  it.each([
    ['pip install --no-cache-dir -r requirements.txt', 'pip restore files=requirements.txt'],
    ['pip3.12 install -rrequirements.txt -c constraints.txt', 'pip restore files=requirements.txt'],
    ['python3 -m pip install --upgrade pip setuptools', 'pip install pip setuptools'],
    ['python -u -m pip install x', 'pip install x'],
    ['/opt/venv/bin/pip install gunicorn==20.1.0', 'pip install gunicorn|==20.1.0'],
    [`pip install "uvicorn[standard]>=0.2,<1" 'a ~= 1'`, 'pip install uvicorn|[standard]>=0.2,<1 a| ~= 1'],
    ['pip install torch --index-url https://example.com/cpu -i x', 'pip install torch'],
    ['pip install -f https://example.com/x --trusted-host example.com a', 'pip install a'],
    ['pip install .', 'pip restore paths=. files=pyproject.toml'],
    ['pip install -e .[dev]', 'pip restore paths=.[dev] files=pyproject.toml'],
    ['pip install -e "./lib" --no-deps', 'pip restore paths="./lib"'],
    ['pip install git+https://example.com/x@main', 'pip restore paths=git+https://example.com/x@main'],
    ['pip install "x @ git+https://example.com/x"', 'pip install x| @ git+https://example.com/x'],
    ['pip install /wheels/*.whl', 'pip restore paths=/wheels/*.whl'],
    ['pip install --user x', 'pip install x user'],
    ['pip install --prefix=/install -r r.txt', 'pip restore files=r.txt directory directory=/install'],
    ['pip install -t /opt/python x', 'pip install x directory directory=/opt/python'],
    ['pip install a==$VERSION $MORE', 'pip install a|==$VERSION unknown=$MORE'],
    ['pip install -r $FILE', 'pip install unknown=$FILE'],
    ['pip wheel -r requirements.txt -w /wheels', 'pip build files=requirements.txt output=/wheels'],
    ['pip uninstall -y pip', 'pip remove pip'],
    ['python3 setup.py install', 'setuptools restore files=setup.py'],
    ['python -u ./src/setup.py develop --user', 'setuptools restore files=setup.py user'],
    ['python setup.py install --prefix=/install', 'setuptools restore files=setup.py directory directory=/install'],
    ['python setup.py bdist_wheel', 'setuptools build'],
    ['pip cache purge', 'pip clean'],
    ['pip config set global.index-url x', 'pip configure'],
    ['pipx install poetry==1.8.0', 'pipx install poetry|==1.8.0 user'],
    ['pipx run --spec x y -z', 'pipx run program=y,-z'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

describe('uv', () => {
  it.each([
    ['uv sync --frozen --no-dev', 'uv restore files=pyproject.toml,uv.lock production'],
    ['uv sync --locked --no-install-project --no-editable', 'uv restore files=pyproject.toml,uv.lock'],
    ['uv pip install --system -r requirements.txt', 'uv restore files=requirements.txt global'],
    ['uv pip install --python /opt/venv gunicorn==23.0', 'uv install gunicorn|==23.0'],
    ['uv pip sync requirements.txt', 'uv restore files=requirements.txt'],
    ['uv venv /opt/venv --python 3.12', 'uv configure directory=/opt/venv'],
    ['uv venv', 'uv configure directory=.venv'],
    ['uv run --no-sync -p 3.12 gunicorn -b :80', 'uv run files=pyproject.toml,uv.lock program=gunicorn,-b,:80'],
    ['uv add httpx', 'uv install httpx'],
    ['uv tool install ruff@latest', 'uv install ruff|@latest user'],
    ['uv export --no-dev -o r.txt', 'uv other files=pyproject.toml,uv.lock production output=r.txt'],
    ['uvx --from x y', 'uvx run program=y'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

describe('Poetry, Pipenv, PDM', () => {
  const poetry = 'files=pyproject.toml,poetry.lock';
  const pdm = 'files=pyproject.toml,pdm.lock';
  it.each([
    ['poetry install --no-interaction --no-ansi --only main', `poetry restore ${poetry} production`],
    ['poetry install --without dev,test --no-root', `poetry restore ${poetry} production`],
    ['poetry install', `poetry restore ${poetry}`],
    ['poetry config virtualenvs.create false', 'poetry configure'],
    ['poetry run python app.py --x', 'poetry run program=python,app.py,--x'],
    ['poetry export -f requirements.txt -o r.txt', `poetry other ${poetry} output=r.txt`],
    ['poetry add requests@^2', 'poetry install requests|@^2'],
    ['pipenv install --system --deploy', 'pipenv restore files=Pipfile,Pipfile.lock global production'],
    ['pipenv sync --dev', 'pipenv restore files=Pipfile,Pipfile.lock'],
    ['pipenv install requests', 'pipenv install requests production'],
    ['pipenv run gunicorn x', 'pipenv run program=gunicorn,x'],
    ['pdm install --check --prod --no-editable', `pdm restore ${pdm} production`],
    ['pdm run start', 'pdm run program=start'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

it('keeps the place of each package', () => {
  const text = 'pip install a==1 "b"';
  const places = read(text).packages.map(({ word }) => text.slice(word.range.start, word.range.end));
  expect(places).toEqual(['a==1', '"b"']);
});
