package import Cryptography
package import Kernel

/// The outer form of a callback: what stands in the address and in the body.
struct DingTalkEnvelope {
    let encrypted: String
    let signature: String
    let timestamp: String
    let nonce: String

    /// `nil` if a part is missing or the body is not `{"encrypt": "…"}`.
    init?(query: [String: String], body: [UInt8]) {
        guard let json = try? JSON(parsing: body, limits: JSON.Limits(bytes: 1 << 20)),
            let encrypted = json["encrypt"]?.string,
            let signature = query["msg_signature"] ?? query["signature"],
            let timestamp = query["timestamp"] ?? query["timeStamp"], let nonce = query["nonce"]
        else { return nil }
        self.encrypted = encrypted
        self.signature = signature
        self.timestamp = timestamp
        self.nonce = nonce
    }

    func open(with callback: CallbackCipher) throws(CallbackCipher.Refusal) -> [UInt8] {
        try callback.open(encrypted: encrypted, signature: signature, timestamp: timestamp, nonce: nonce)
    }
}

extension CallbackCipher {
    /// The encrypted `success` that the vendor waits for.
    package func success(now: Timestamp, nonce: String, random: [UInt8]) throws(DecryptionError) -> JSON {
        let timestamp = String(now.microseconds / 1_000)
        let sealed = try seal(Array("success".utf8), timestamp: timestamp, nonce: nonce, random: random)
        return [
            "msg_signature": .string(sealed.signature), "timeStamp": .string(timestamp), "nonce": .string(nonce),
            "encrypt": .string(sealed.encrypted),
        ]
    }
}
