module example.com/go-links

go 1.23
