module example.com/market/gateway

go 1.26
