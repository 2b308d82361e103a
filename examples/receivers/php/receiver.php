<?php
// A webhook receiver with nothing but PHP itself: verifies, remembers the event and its id at once, drops repeats.
// What it stores waits in a table until worker.php, or what you have for that, works on it.
// Variables: SIGNING_SECRETS, one or several with commas between; INBOX, a folder (a real service has a table).

declare(strict_types=1);

const BODY_BYTES_MAX = 2 * 1024 * 1024;
const TOLERANCE_SECONDS = 300;

function is_genuine(string $id, string $timestamp, string $signatures, string $body): bool
{
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > TOLERANCE_SECONDS) {
        return false;
    }
    // During a rotation there are two signatures, and here there may be two keys: one pair has to match.
    foreach (explode(',', (string) getenv('SIGNING_SECRETS')) as $secret) {
        $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
        $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        foreach (explode(' ', $signatures) as $given) {
            if (hash_equals($expected, $given)) {
                return true;
            }
        }
    }
    return false;
}

function say(string $line): void
{
    file_put_contents('php://stdout', "$line\n");
}

$body = (string) file_get_contents('php://input', length: BODY_BYTES_MAX + 1);
if (strlen($body) > BODY_BYTES_MAX) {
    http_response_code(413);
    exit;
}
$id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
$timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
if (!is_genuine($id, $timestamp, $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '', $body)) {
    http_response_code(401);
    exit;
}

// 'x' fails where the file exists: the id and the event become known in one step, whoever comes at the same time.
$inbox = getenv('INBOX') ?: sys_get_temp_dir();
$file = @fopen($inbox . '/' . preg_replace('/[^A-Za-z0-9_-]/', '', $id) . '.json', 'x');
if ($file === false) {
    say("repeated: $id");
} elseif (fwrite($file, $body) !== strlen($body)) {
    http_response_code(503);
    header('Retry-After: 5');
    exit;
}
http_response_code(204);

if ($file !== false) {
    // With php-fpm the answer goes out here and the work follows; better still, a worker does it.
    if (function_exists('fastcgi_finish_request')) {
        fastcgi_finish_request();
    }
    // Null where it is no JSON: a template may make any text, a CloudEvent may carry any bytes.
    $event = json_decode($body);
    say('worked: ' . ($_SERVER['HTTP_X_WEBHOOK_EVENT'] ?? '') . " $id " . get_debug_type($event));
}
