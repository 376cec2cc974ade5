<?php

declare(strict_types=1);

namespace Invoices;

use PDO;

/** Invoices in SQLite; amounts are texts, added up without rounding. */
final class Ledger
{
    private PDO $database;

    public function __construct(string $file)
    {
        $this->database = new PDO('sqlite:' . $file);
        $this->database->exec('CREATE TABLE IF NOT EXISTS invoice (customer TEXT NOT NULL, amount TEXT NOT NULL)');
    }

    public function add(string $customer, string $amount): void
    {
        $insert = $this->database->prepare('INSERT INTO invoice (customer, amount) VALUES (?, ?)');
        $insert->execute([$customer, $amount]);
    }

    public function total(string $customer): string
    {
        $select = $this->database->prepare('SELECT amount FROM invoice WHERE customer = ?');
        $select->execute([$customer]);
        $sum = '0.00';
        foreach ($select->fetchAll(PDO::FETCH_COLUMN) as $amount) {
            $sum = bcadd($sum, $amount, 2);
        }
        return $sum;
    }
}
