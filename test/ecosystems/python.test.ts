import { describe, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/catalog.ts';
import { readPackage } from '../../src/catalog-store/load.ts';
import { compile } from '../../src/compile.ts';
import { pageProject } from '../pages/page.ts';

const catalog = openCatalog(readPackage().snapshot, readPackage().removedTags);
const migrate = (text: string, files: Record<string, string> = {}) =>
  compile({ text, project: pageProject(new Map(Object.entries(files))) }, catalog, {});

describe('Python packages', () => {
  test('a call in a variable loses --system where the variable is set', () => {
    const { after } = migrate(
      `FROM python:3.11-slim\nWORKDIR /app\nARG uvpip='uv pip install --system --no-cache-dir'\nRUN pip install uv && $uvpip flask\nCMD ["python", "a.py"]\n`,
    );
    expect(after).toContain("ARG uvpip='uv pip install --no-cache-dir'");
    expect(after).toContain('COPY --from=build /opt/venv /opt/venv');
  });

  test('variables that send uv to the system are taken back', () => {
    const { after } = migrate(
      'FROM python:3.13-slim\nENV UV_SYSTEM_PYTHON=1 UV_PROJECT_ENVIRONMENT=/usr/local\nWORKDIR /app\nRUN pip install uv\nCOPY uv.lock pyproject.toml ./\nRUN uv sync --frozen --no-install-project\nCOPY app.py .\nCMD ["python", "app.py"]\n',
    );
    expect(after).toMatch(
      /^ENV PATH="\/opt\/venv\/bin:\$PATH" VIRTUAL_ENV=\/opt\/venv .*UV_PROJECT_ENVIRONMENT=\/opt\/venv$/m,
    );
  });

  test('what a folder held beside packages is copied by itself', () => {
    const { after } = migrate(
      'FROM python:3.12-slim AS b\nADD https://example.org/tool /usr/local/bin/tool\nRUN pip install flask\nFROM python:3.12-slim\nCOPY --from=b /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages\nCOPY --from=b /usr/local/bin /usr/local/bin\nCOPY app.py /app/app.py\nCMD ["python", "/app/app.py"]\n',
    );
    expect(after).toContain('COPY --from=b /usr/local/bin/tool /usr/local/bin/tool');
    expect(after).not.toContain('site-packages');
  });

  test('tools alone need no virtual environment', () => {
    const { after } = migrate(
      'FROM python:3.12-slim AS b\nWORKDIR /app\nENV POETRY_VIRTUALENVS_IN_PROJECT=1\nRUN pip install poetry\nCOPY poetry.lock pyproject.toml ./\nRUN poetry install --no-root\nFROM python:3.12-slim\nWORKDIR /app\nCOPY --from=b /app/.venv /app/.venv\nCOPY app.py .\nCMD ["/app/.venv/bin/python", "app.py"]\n',
    );
    expect(after).not.toContain('-m venv');
  });

  test('a script with a shebang for env is given to the interpreter', () => {
    const { after } = migrate('FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["./manage", "run"]\n', {
      manage: '#!/usr/bin/env python\nprint(1)\n',
    });
    expect(after).toContain('ENTRYPOINT ["python3", "./manage", "run"]');
  });

  test('a Python of uv itself is refused', () => {
    expect(
      migrate('FROM python:3.12-slim\nWORKDIR /app\nRUN uv python install 3.14t\nRUN uv sync\nCMD ["python", "a.py"]\n')
        .outcome,
    ).toBe('blocked');
  });
});
