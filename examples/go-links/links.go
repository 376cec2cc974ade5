package main

import (
	"bufio"
	"os"
	"strings"
)

// readLinks reads lines of a name, white space and an address.
func readLinks(path string) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()

	links := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) == 2 {
			links[fields[0]] = fields[1]
		}
	}
	return links, lines.Err()
}
