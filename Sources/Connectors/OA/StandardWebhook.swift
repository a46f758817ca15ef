import Cryptography
package import Kernel

/// Signed messages after Standard Webhooks 1.0: `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`.
package struct StandardWebhook: Sendable {
    package static let toleranceSeconds: Int64 = 300

    private let keys: [[UInt8]]

    /// - Parameter secrets: `whsec_` and Base64; the first signs, every one is taken while a secret is being replaced.
    /// - Returns: `nil` if there is none, or one is not of that form.
    package init?(secrets: [String]) {
        var keys: [[UInt8]] = []
        for secret in secrets {
            guard secret.hasPrefix("whsec_"), let key = Base64.decode(String(secret.dropFirst(6)), lenient: true),
                (24...64).contains(key.count)
            else { return nil }
            keys.append(key)
        }
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    /// Why a message is not authentic. It does not say which key was tried.
    package enum Refusal: Error, Hashable, Sendable {
        case missing(header: String)
        case badTimestamp
        case outsideTolerance(seconds: Int64)
        case badSignature
    }

    /// Proves a message and returns its id.
    package func verify(headers: [String: String], body: [UInt8], now: Timestamp) throws(Refusal) -> String {
        func header(_ name: String) throws(Refusal) -> String {
            guard let value = headers[name], !value.isEmpty else { throw .missing(header: name) }
            return value
        }
        let id = try header("webhook-id")
        let time = try header("webhook-timestamp")
        let signatures = try header("webhook-signature")
        guard id.utf8.count <= 256, time.utf8.count <= 12, let seconds = Int64(time), seconds > 0 else {
            throw .badTimestamp
        }
        let expected = keys.map { Self.signature(id: id, timestamp: time, body: body, key: $0) }
        var isAuthentic = false
        // Every pair is compared, so that the time taken tells nothing about which one was right.
        for given in signatures.split(separator: " ").prefix(10) where given.hasPrefix("v1,") {
            guard let bytes = Base64.decode(String(given.dropFirst(3))) else { continue }
            for one in expected where isEqualInConstantTime(bytes, one) { isAuthentic = true }
        }
        guard isAuthentic else { throw .badSignature }
        let difference = now.microseconds / 1_000_000 - seconds
        guard abs(difference) <= Self.toleranceSeconds else { throw .outsideTolerance(seconds: difference) }
        return id
    }

    /// The three headers of a message to be sent, signed with every key.
    package func headers(id: String, body: [UInt8], now: Timestamp) -> [(String, String)] {
        let time = String(now.microseconds / 1_000_000)
        let signatures = keys.map {
            "v1," + Base64.encode(Self.signature(id: id, timestamp: time, body: body, key: $0))
        }
        return [
            ("webhook-id", id), ("webhook-timestamp", time),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    private static func signature(id: String, timestamp: String, body: [UInt8], key: [UInt8]) -> [UInt8] {
        hmac(Array("\(id).\(timestamp).".utf8) + body, key: key, with: .sha256)
    }
}

extension StandardWebhook.Refusal {
    var phrase: Phrase {
        switch self {
        case .missing(let header): Phrase(zh: "缺少请求头 \(header)。", en: "The header \(header) is missing.")
        case .badTimestamp:
            Phrase(zh: "webhook-timestamp 不是有效的秒数。", en: "webhook-timestamp is no valid number of seconds.")
        case .outsideTolerance(let seconds):
            Phrase(
                zh: "时间相差 \(abs(seconds)) 秒，允许 \(StandardWebhook.toleranceSeconds) 秒。",
                en: "The times differ by \(abs(seconds)) s; \(StandardWebhook.toleranceSeconds) s are allowed."
            )
        case .badSignature: Phrase(zh: "签名与内容不符。", en: "The signature does not match the content.")
        }
    }
}
