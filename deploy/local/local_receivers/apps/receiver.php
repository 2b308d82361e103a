<?php
// A receiver for PHP's own server: notes the id of each delivery, one a line.
file_get_contents('php://input');
file_put_contents(getenv('SEEN'), $_SERVER['HTTP_X_WEBHOOK_DELIVERY'] . "\n", FILE_APPEND | LOCK_EX);
echo 'ok';
