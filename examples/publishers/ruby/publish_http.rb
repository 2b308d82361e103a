# Publishes over HTTP with nothing but Ruby. Variables: POSTHORN_API_URL, POSTHORN_KEY.

require "json"
require "net/http"
require "securerandom"

TRIES_MAX = 8
URL = URI("#{ENV.fetch("POSTHORN_API_URL")}/api/v1/events")

# What became of each event. Safe to repeat: the key makes a second try the same request.
def publish(events, idempotency_key)
  headers = {
    "Authorization" => "Bearer #{ENV.fetch("POSTHORN_KEY")}",
    "Content-Type" => "application/json",
    "Idempotency-Key" => idempotency_key,
    # Whoever traces passes the context of the current span here; receivers get it with each request.
    "traceparent" => "00-#{SecureRandom.hex(16)}-#{SecureRandom.hex(8)}-01",
  }
  (1..TRIES_MAX).each do |tries|
    wait = [2**tries, 60].min
    begin
      answer = Net::HTTP.post(URL, JSON.generate(events), headers)
      return JSON.parse(answer.body)["events"] if answer.code == "202"
      # It says what is wrong (RFC 9457), and it would be wrong again.
      abort "refused: #{answer.body}" unless %w[429 502 503 504].include?(answer.code)
      wait = Integer(answer["Retry-After"] || wait)
    rescue SystemCallError, SocketError, IOError, Timeout::Error => error
      # No answer: the event may have been stored or not, hence the key.
      warn "no answer: #{error.message}"
    end
    sleep wait
  end
  abort "not published; keep it and try later"
end

def event(number)
  { type: "user.created", data: { by: "ruby-http", n: number } }
end

key = SecureRandom.uuid # of the business fact, such as an order's number: the same in each try
puts JSON.generate(publish(event(1), key))
puts JSON.generate(publish(event(1), key)) # as after a lost answer: a duplicate, with the first one's id
puts JSON.generate(publish([event(2), event(3)], SecureRandom.uuid))
