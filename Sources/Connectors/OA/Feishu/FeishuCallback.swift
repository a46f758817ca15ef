package import Cryptography
package import Kernel

/// The encrypted and signed form of 飞书 events, byte by byte.
package struct FeishuCallback: Sendable {
    /// Why a callback is refused. People outside are told one sentence for all of them.
    package enum Refusal: String, Error, Sendable {
        case badBody = "bad_body"
        case badSignature = "bad_signature"
        case decryptFailed = "decrypt_failed"
        case badToken = "bad_token"
    }

    private let token: [UInt8]
    private let encryptKey: String?

    /// - Parameter encryptKey: `nil` where the console has none; then the token is all the proof there is.
    /// - Returns: `nil` if the token is empty.
    package init?(token: String, encryptKey: String?) {
        guard !token.isEmpty else { return nil }
        self.token = Array(token.utf8)
        self.encryptKey = encryptKey.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether the vendor signs events; without it nothing says when one was sent.
    package var isSigned: Bool { encryptKey != nil }

    /// Checks signature and token, decrypts, and returns the event's text with what it says.
    ///
    /// - Parameter headers: Names in lower case.
    package func open(headers: [String: String], body: [UInt8]) throws(Refusal) -> (text: [UInt8], event: JSON) {
        guard let encryptKey else {
            guard let event = try? JSON(parsing: body, limits: JSON.Limits(bytes: 1 << 20)), event.members != nil else {
                throw .badBody
            }
            try check(event)
            return (body, event)
        }
        let isSigned = try isSigned(headers, body, encryptKey)
        guard let outer = try? JSON(parsing: body, limits: JSON.Limits(bytes: 1 << 20)),
            let encrypted = outer["encrypt"]?.string
        else { throw .badBody }
        guard let text = Self.decrypt(encrypted, key: encryptKey), let event = try? JSON(parsing: text),
            event.members != nil
        else { throw .decryptFailed }
        // The check of the address may come unsigned, and nothing else may.
        guard isSigned || event["type"]?.string == "url_verification" else { throw .badSignature }
        try check(event)
        return (text, event)
    }

    /// The body and headers of an event as the vendor sends it.
    package func seal(
        _ text: [UInt8], timestamp: String, nonce: String, initialVector: [UInt8]
    ) throws(DecryptionError) -> (headers: [String: String], body: [UInt8]) {
        guard let encryptKey else { return ([:], text) }
        let count = 16 - text.count % 16
        let padded = text + [UInt8](repeating: UInt8(count), count: count)
        let cipher = try encryptAES256CBC(
            padded, key: hash(Array(encryptKey.utf8), with: .sha256), initialVector: initialVector)
        let json: JSON = ["encrypt": .string(Base64.encode(initialVector + cipher))]
        let body = json.utf8
        let headers = [
            "x-lark-request-timestamp": timestamp, "x-lark-request-nonce": nonce,
            "x-lark-signature": Self.signature(timestamp, nonce, encryptKey, body),
        ]
        return (headers, body)
    }

    /// `false` if there is no signature at all.
    private func isSigned(_ headers: [String: String], _ body: [UInt8], _ key: String) throws(Refusal) -> Bool {
        guard let signature = headers["x-lark-signature"], !signature.isEmpty else { return false }
        let expected = Self.signature(
            headers["x-lark-request-timestamp"] ?? "", headers["x-lark-request-nonce"] ?? "", key, body
        )
        guard isEqualInConstantTime(Array(expected.utf8), Array(signature.utf8)) else { throw .badSignature }
        return true
    }

    /// v1 writes its token outside, v2 into the header.
    private func check(_ event: JSON) throws(Refusal) {
        let found = event["header"]?["token"]?.string ?? event["token"]?.string ?? ""
        guard isEqualInConstantTime(token, Array(found.utf8)) else { throw .badToken }
    }

    /// Over the body as it was sent; written anew it would be another text.
    private static func signature(_ timestamp: String, _ nonce: String, _ key: String, _ body: [UInt8]) -> String {
        hash(Array((timestamp + nonce + key).utf8) + body, with: .sha256).hex
    }

    private static func decrypt(_ encrypted: String, key: String) -> [UInt8]? {
        guard let bytes = Base64.decode(encrypted, lenient: true), bytes.count >= 32, bytes.count.isMultiple(of: 16),
            let plain = try? decryptAES256CBC(
                Array(bytes.dropFirst(16)), key: hash(Array(key.utf8), with: .sha256),
                initialVector: Array(bytes.prefix(16))
            ), let last = plain.last, (1...16).contains(last),
            // Every byte of the padding counts; a sloppy check would tell a stranger about the plaintext.
            plain.suffix(Int(last)).reduce(0, { $0 | ($1 ^ last) }) == 0
        else { return nil }
        return Array(plain.dropLast(Int(last)))
    }
}

/// Runs recorded callbacks against the decoder, for `pingqiao oa decode feishu`.
package enum FeishuVectors {
    /// - Parameter json: A list of cases as in `corpus/oa/feishu/vectors.json`.
    package static func decode(_ json: JSON) -> JSON { CallbackVectors.report(json, decoding: result) }

    private static func result(of vector: JSON) -> Result<[UInt8], CallbackVectors.Refusal> {
        let callback = FeishuCallback(token: vector["token"]?.string ?? "", encryptKey: vector["aeskey"]?.string)
        guard let callback else { return .failure(.badBody) }
        var headers: [String: String] = [:]
        for member in vector["headers"]?.members ?? [] { headers[member.name.lowercased()] = member.value.string }
        do throws(FeishuCallback.Refusal) {
            return .success(try callback.open(headers: headers, body: Array((vector["body"]?.string ?? "").utf8)).text)
        } catch {
            return .failure(CallbackVectors.Refusal(rawValue: error.rawValue) ?? .badBody)
        }
    }
}
