<?php

declare(strict_types=1);

use Invoices\Ledger;

require __DIR__ . '/../vendor/autoload.php';

header('Content-Type: application/json');

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/health') {
    echo json_encode(['status' => 'up']);
    return;
}

$customer = trim($path, '/');
$ledger = new Ledger(getenv('INVOICES_DB') ?: '/var/lib/invoices/invoices.db');
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $amount = trim(file_get_contents('php://input'));
    if ($customer === '' || preg_match('/^\d{1,9}(\.\d{1,2})?$/', $amount) !== 1) {
        http_response_code(400);
        echo json_encode(['error' => 'send an amount such as 12.50 to /customer']);
        return;
    }
    $ledger->add($customer, $amount);
    http_response_code(201);
}
echo json_encode(['customer' => $customer, 'total' => $ledger->total($customer)]);
