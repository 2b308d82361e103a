<?php
// Publishes over NATS (`composer require basis-company/nats`). Variable: POSTHORN_NATS_URL.

declare(strict_types=1);

require 'vendor/autoload.php';

use Basis\Nats\Client;
use Basis\Nats\Configuration;
use Basis\Nats\Message\Payload;

const SUBJECT = 'posthorn.events.default.user.created'; // posthorn.events.<tenant>.<event type>

$server = parse_url((string) getenv('POSTHORN_NATS_URL'));
$client = new Client(new Configuration(host: $server['host'], port: $server['port'] ?? 4222, timeout: 5));

// A request, whose reply is the stream's acknowledgement; `publish` alone would tell nothing.
$publish = function (array $data, array $headers) use ($client): void {
    $stored = $client->dispatch(SUBJECT, new Payload(json_encode($data, JSON_THROW_ON_ERROR), $headers));
    if (!$stored->seq) {
        throw new RuntimeException("not stored: $stored");
    }
    echo "stored $stored->seq duplicate=", $stored->duplicate ? 'true' : 'false', "\n";
};

// Of the business fact, such as an order's number; the whole stream shares these names, so begin with the tenant.
$headers = [
    'Nats-Msg-Id' => 'default:' . bin2hex(random_bytes(16)),
    'traceparent' => '00-' . bin2hex(random_bytes(16)) . '-' . bin2hex(random_bytes(8)) . '-01',
];
$publish(['by' => 'php-nats', 'n' => 1], $headers);
$publish(['by' => 'php-nats', 'n' => 1], $headers); // as after a lost acknowledgement
$publish(['by' => 'php-nats', 'n' => 2], [
    'ce-specversion' => '1.0', 'ce-id' => 'order/7', 'ce-source' => '/orders', 'ce-type' => 'user.created',
]);
