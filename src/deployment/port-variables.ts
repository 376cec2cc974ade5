/** Whether a variable of the environment is one that says which port a program listens on. */
export function isPortVariable(name: string): boolean {
  return /^((HTTPS?|SERVER|APP|LISTEN|NODE|FLASK_RUN|WEB|UVICORN|ASPNETCORE_HTTPS?)_)?PORTS?$/i.test(name);
}
