package import Kernel

/// Runs recorded callbacks against the decoder, for `pingqiao oa decode dingtalk`.
package enum DingTalkVectors {
    /// - Parameter json: A list of cases as in `corpus/oa/dingtalk/vectors.json`.
    /// - Returns: `{"passed", "failed", "cases": [{"name", "accepted", "plaintext", "reason", "ok"}]}`.
    package static func decode(_ json: JSON) -> JSON {
        var cases: [JSON] = []
        var passed = 0
        for vector in json.array ?? json["cases"]?.array ?? [] {
            let outcome = result(of: vector)
            let expected = vector["expect"]?.string ?? "ok"
            let isOK: Bool
            if case .success(let text) = outcome {
                isOK = expected == "ok" && vector["plaintext"]?.string.map { $0 == text } ?? true
            } else if case .failure(let refusal) = outcome {
                // A wrong key may show itself at the padding, at the length, at the text or at the receiver.
                let isAnyRefusal = expected == "decrypt_failed" && refusal != .badSignature
                isOK = refusal.rawValue == expected || isAnyRefusal
            } else {
                isOK = false
            }
            if isOK { passed += 1 }
            cases.append(report(vector["name"]?.string ?? "", outcome, isOK: isOK))
        }
        return ["passed": .integer(passed), "failed": .integer(cases.count - passed), "cases": .array(cases)]
    }

    private static func report(
        _ name: String, _ outcome: Result<String, DingTalkCallback.Refusal>, isOK: Bool
    ) -> JSON {
        switch outcome {
        case .success(let text):
            ["name": .string(name), "accepted": true, "plaintext": .string(text), "reason": .null, "ok": .bool(isOK)]
        case .failure(let refusal):
            [
                "name": .string(name), "accepted": false, "plaintext": .null, "reason": .string(refusal.rawValue),
                "ok": .bool(isOK),
            ]
        }
    }

    private static func result(of vector: JSON) -> Result<String, DingTalkCallback.Refusal> {
        guard
            let callback = DingTalkCallback(
                token: vector["token"]?.string ?? "", aesKey: vector["aeskey"]?.string ?? "",
                receivers: [vector["receiver_id"]?.string ?? ""]
            ), let envelope = DingTalkEnvelope(query: query(vector), body: Array((vector["body"]?.string ?? "").utf8))
        else { return .failure(.badBody) }
        do throws(DingTalkCallback.Refusal) {
            return .success(String(decoding: try envelope.open(with: callback), as: UTF8.self))
        } catch {
            return .failure(error)
        }
    }

    private static func query(_ vector: JSON) -> [String: String] {
        var query: [String: String] = [:]
        for pair in (vector["query"]?.string ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { query[String(parts[0])] = String(parts[1]) }
        }
        return query
    }
}

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

    func open(with callback: DingTalkCallback) throws(DingTalkCallback.Refusal) -> [UInt8] {
        try callback.open(encrypted: encrypted, signature: signature, timestamp: timestamp, nonce: nonce)
    }
}
