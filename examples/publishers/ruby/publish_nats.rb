# Publishes over NATS (`gem install nats-pure`). Variable: POSTHORN_NATS_URL.

require "json"
require "nats/client"
require "securerandom"

SUBJECT = "posthorn.events.default.user.created" # posthorn.events.<tenant>.<event type>

connection = NATS.connect(ENV.fetch("POSTHORN_NATS_URL"))
stream = connection.jetstream

# JetStream's publish returns when the event is stored; that of the connection would tell nothing.
publish = lambda do |data, headers|
  stored = stream.publish(SUBJECT, JSON.generate(data), header: headers, timeout: 5)
  puts "stored #{stored.seq} duplicate=#{stored.duplicate ? true : false}"
end

# Of the business fact, such as an order's number; the whole stream shares these names, so begin with the tenant.
headers = {
  "Nats-Msg-Id" => "default:#{SecureRandom.uuid}",
  "traceparent" => "00-#{SecureRandom.hex(16)}-#{SecureRandom.hex(8)}-01",
}
publish.call({ by: "ruby-nats", n: 1 }, headers)
publish.call({ by: "ruby-nats", n: 1 }, headers) # as after a lost acknowledgement

event = { "ce-specversion" => "1.0", "ce-id" => "order/7", "ce-source" => "/orders", "ce-type" => "user.created" }
publish.call({ by: "ruby-nats", n: 2 }, event)
connection.close
