<?php
// Publishes over HTTP with nothing but PHP and its curl extension. Variables: POSTHORN_API_URL, POSTHORN_KEY.

declare(strict_types=1);

const TRIES_MAX = 8;

/** What became of each event. Safe to repeat: the key makes a second try the same request. */
function publish(array $events, string $idempotencyKey): array
{
    $retryAfter = null;
    $curl = curl_init(getenv('POSTHORN_API_URL') . '/api/v1/events');
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => json_encode($events, JSON_THROW_ON_ERROR),
        CURLOPT_HTTPHEADER => [
            'Authorization: Bearer ' . getenv('POSTHORN_KEY'),
            'Content-Type: application/json',
            "Idempotency-Key: $idempotencyKey",
            // Whoever traces passes the context of the current span here; receivers get it with each request.
            'traceparent: 00-' . bin2hex(random_bytes(16)) . '-' . bin2hex(random_bytes(8)) . '-01',
        ],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$retryAfter): int {
            if (preg_match('/^retry-after:\s*(\d+)/i', $line, $found)) {
                $retryAfter = (int) $found[1];
            }
            return strlen($line);
        },
    ]);
    for ($tries = 1; $tries <= TRIES_MAX; $tries++) {
        $retryAfter = null;
        $answer = curl_exec($curl);
        $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        if ($answer === false) { // no answer: the event may have been stored or not, hence the key
            fwrite(STDERR, 'no answer: ' . curl_error($curl) . "\n");
        } elseif ($status === 202) {
            return json_decode($answer, true, flags: JSON_THROW_ON_ERROR)['events'];
        } elseif (!in_array($status, [429, 502, 503, 504], true)) {
            fwrite(STDERR, "refused: $answer\n"); // it says what is wrong (RFC 9457), and it would be wrong again
            exit(1);
        }
        sleep($retryAfter ?? min(2 ** $tries, 60));
    }
    fwrite(STDERR, "not published; keep it and try later\n");
    exit(1);
}

$event = fn (int $n): array => ['type' => 'user.created', 'data' => ['by' => 'php-http', 'n' => $n]];
$key = bin2hex(random_bytes(16)); // of the business fact, such as an order's number: the same in each try
echo json_encode(publish($event(1), $key)), "\n";
echo json_encode(publish($event(1), $key)), "\n"; // as after a lost answer: a duplicate, with the first one's id
echo json_encode(publish([$event(2), $event(3)], bin2hex(random_bytes(16)))), "\n";
