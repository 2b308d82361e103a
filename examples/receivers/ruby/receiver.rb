# A webhook receiver with nothing but Ruby itself: verifies, answers at once, works afterwards, drops repeats.
# A small server of its own, because Ruby brings none any more; `genuine?` and `take` are what a Rack application needs.
# Variables: SIGNING_SECRETS, one or several with commas between; PORT (9000).

require "json"
require "openssl"
require "set"
require "socket"

BODY_BYTES_MAX = 2 * 1024 * 1024
TOLERANCE_SECONDS = 300
KEYS = ENV.fetch("SIGNING_SECRETS").split(",").map { |secret| secret.delete_prefix("whsec_").unpack1("m0") }

# In a real service both are tables: the id is inserted with the event, in one transaction, before the answer.
SEEN = Set.new
WORK = SizedQueue.new(10_000)
LOCK = Mutex.new

def genuine?(headers, body)
  id, timestamp, signatures = headers.values_at("webhook-id", "webhook-timestamp", "webhook-signature")
  return false unless id && signatures && timestamp&.match?(/\A\d{1,12}\z/)
  return false if (Time.now.to_i - timestamp.to_i).abs > TOLERANCE_SECONDS

  # During a rotation there are two signatures, and here there may be two keys: one pair has to match.
  KEYS.any? do |key|
    mac = OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{timestamp}.".b + body)
    expected = "v1,#{[mac].pack("m0")}"
    signatures.split(" ").any? { |given| OpenSSL.secure_compare(given, expected) }
  end
end

# Whether the event is safe here, now or from before.
def take(id, event)
  LOCK.synchronize do
    if SEEN.include?(id)
      puts "repeated: #{id}"
    else
      WORK.push(event, true)
      SEEN.add(id)
    end
    true
  end
rescue ThreadError # too much waits already
  false
end

def verdict(headers, body)
  return [413] if body.nil?
  return [401] unless genuine?(headers, body)

  event = [headers["x-webhook-event"], headers["webhook-id"], body]
  take(headers["webhook-id"], event) ? [204] : [503, "Retry-After: 5\r\n"]
end

def serve(socket)
  socket.gets
  headers = {}
  while (line = socket.gets&.chomp) && !line.empty?
    name, value = line.split(":", 2)
    headers[name.downcase] = value.to_s.strip.b
  end
  length = headers["content-length"].to_i
  body = length > BODY_BYTES_MAX ? nil : socket.read(length).to_s
  status, more = verdict(headers, body)
  socket.write("HTTP/1.1 #{status} -\r\nConnection: close\r\nContent-Length: 0\r\n#{more}\r\n")
rescue SystemCallError, IOError
  # Whoever called has hung up.
ensure
  socket.close
end

def parsed(body)
  JSON.parse(body)
rescue JSON::ParserError, EncodingError
  body # a template may make any text, a CloudEvent may carry any bytes
end

$stdout.sync = true
Thread.new do
  loop do
    type, id, body = WORK.pop
    puts "worked: #{type} #{id} #{parsed(body).inspect}"
  end
end
server = TCPServer.new("127.0.0.1", Integer(ENV.fetch("PORT", "9000")))
loop { Thread.new(server.accept) { |socket| serve(socket) } }
