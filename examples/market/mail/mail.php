<?php
// Takes a message and says that it did.
header('Content-Type: text/plain');
echo 'queued ', strlen(file_get_contents('php://input')), " bytes\n";
