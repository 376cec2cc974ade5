/* Counts in an SQLite file how often it was started, every second, until it is told to end. */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t over = 0;
static void end(int signal) { (void)signal; over = 1; }

int main(int argc, char **argv) {
  sqlite3 *db;
  char *error = NULL;
  if (argc < 2) return 64;
  signal(SIGTERM, end);
  if (sqlite3_open(argv[1], &db) != SQLITE_OK) {
    fprintf(stderr, "%s: %s\n", argv[1], sqlite3_errmsg(db));
    return 1;
  }
  if (sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS starts (at INTEGER); INSERT INTO starts VALUES (1)", NULL, NULL, &error) != SQLITE_OK) {
    fprintf(stderr, "%s: %s\n", argv[1], error);
    return 1;
  }
  puts("counted one more start");
  fflush(stdout);
  while (!over) sleep(1);
  sqlite3_close(db);
  return 0;
}
