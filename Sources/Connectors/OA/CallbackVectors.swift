import Kernel

/// Recorded callbacks as they lie in files, and the report on what a decoder made of them.
enum CallbackVectors {
    /// Why a callback was refused, in the words of the files.
    enum Refusal: String, Error, Sendable {
        case badBody = "bad_body"
        case badSignature = "bad_signature"
        case badToken = "bad_token"
        case badReceiver = "bad_receiver"
        case decryptFailed = "decrypt_failed"

        init(_ refusal: CallbackCipher.Refusal) {
            self =
                switch refusal {
                case .badBody: .badBody
                case .badSignature: .badSignature
                case .badReceiver: .badReceiver
                case .decryptFailed: .decryptFailed
                }
        }
    }

    /// - Returns: `{"passed", "failed", "cases": [{"name", "accepted", "plaintext", "reason", "ok"}]}`.
    static func report(_ json: JSON, decoding decode: (JSON) -> Result<[UInt8], Refusal>) -> JSON {
        var cases: [JSON] = []
        var passed = 0
        for vector in json.array ?? json["cases"]?.array ?? [] {
            let outcome = decode(vector).map { String(decoding: $0, as: UTF8.self) }
            let isOK = isExpected(outcome, in: vector)
            if isOK { passed += 1 }
            cases.append(line(vector["name"]?.string ?? "", outcome, isOK: isOK))
        }
        return ["passed": .integer(passed), "failed": .integer(cases.count - passed), "cases": .array(cases)]
    }

    /// The parameters of the address, with escapes undone once: a `+` in Base64 stays one.
    static func query(of vector: JSON) -> [String: String] {
        var query: [String: String] = [:]
        for pair in (vector["query"]?.string ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { query[String(parts[0])] = PercentEncoding.decode(String(parts[1])) }
        }
        return query
    }

    private static func isExpected(_ outcome: Result<String, Refusal>, in vector: JSON) -> Bool {
        let expected = vector["expect"]?.string ?? "ok"
        switch outcome {
        case .success(let text): return expected == "ok" && vector["plaintext"]?.string.map { $0 == text } ?? true
        case .failure(let refusal):
            // A wrong key may show itself anywhere: at the signature, the padding, the length, the text or the receiver.
            return refusal.rawValue == expected || expected == "decrypt_failed"
        }
    }

    private static func line(_ name: String, _ outcome: Result<String, Refusal>, isOK: Bool) -> JSON {
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
}
