import Connectors
import Cryptography
import Kernel
import Testing

@Suite("CallbackCipher")
struct CallbackCipherTests {
    static let random = [UInt8](repeating: 5, count: 16)

    @Test("decodes every recorded callback as expected")
    func vectors() throws {
        guard let vectors = try ConnectorsFixtures.corpus("oa/dingtalk/vectors.json", cases: 16) else { return }
        let report = DingTalkVectors.decode(vectors)
        #expect(report["failed"]?.integer == 0, "\(report.pretty)")
        #expect(report["passed"]?.integer == 16)
    }

    @Test("makes the answers that a third party's library made of the same values")
    func answers() throws {
        guard let vectors = try ConnectorsFixtures.corpus("oa/dingtalk/vectors.json", cases: 15)?.array else { return }
        for vector in vectors {
            guard let reply = vector["success_reply_form"], let name = vector["name"]?.string,
                name != "refuse_other_key", name != "refuse_other_owner"
            else { continue }
            let callback = try Self.callback(of: vector)
            let text = try callback.open(
                encrypted: reply["encrypt"]?.string ?? "", signature: reply["msg_signature"]?.string ?? "",
                timestamp: reply["timeStamp"]?.string ?? "", nonce: reply["nonce"]?.string ?? ""
            )
            #expect(String(decoding: text, as: UTF8.self) == "success", "\(name)")
        }
    }

    @Test("opens what it sealed, for every length around the block", arguments: 0...70)
    func roundTrip(length: Int) throws {
        let callback = try Self.own()
        let message = [UInt8](repeating: UInt8(ascii: "x"), count: length)
        let sealed = try callback.seal(message, timestamp: "1", nonce: "n", random: Self.random)
        let opened = try callback.open(
            encrypted: sealed.encrypted, signature: sealed.signature, timestamp: "1", nonce: "n")
        #expect(opened == message)
    }

    @Test("refuses a callback with any byte of its ciphertext changed, even when it is signed anew")
    func mutated() throws {
        let callback = try Self.own()
        let sealed = try callback.seal(Array("{}".utf8), timestamp: "1", nonce: "n", random: Self.random)
        let bytes = try #require(Base64.decode(sealed.encrypted))
        var opened = 0
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x41
            let encrypted = Base64.encode(changed)
            let parts = [FakeDingTalk.callbackToken, "1", "n", encrypted].map { Array($0.utf8) }
            let sorted = parts.sorted { $0.lexicographicallyPrecedes($1) }
            let signature = hash(sorted.flatMap(\.self), with: .sha1).hex
            if (try? callback.open(encrypted: encrypted, signature: signature, timestamp: "1", nonce: "n"))
                == Array("{}".utf8)
            {
                opened += 1
            }
        }
        // CBC without a MAC: the first block holds only the 16 random bytes, which mean nothing.
        #expect(opened == 0 || opened <= 16)
    }

    @Test("checks every byte of the padding")
    func padding() throws {
        let key = try #require(Base64.decode(FakeDingTalk.aesKey + "=", lenient: true))
        let callback = try Self.own()
        let head = Self.random + [0, 0, 0, 2] + Array("{}".utf8) + Array(FakeDingTalk.appKey.utf8)
        let count = 32 - head.count % 32
        for (padding, isRight) in [
            ([UInt8](repeating: UInt8(count), count: count), true),
            ([0] + [UInt8](repeating: UInt8(count), count: count - 1), false),
            ([UInt8](repeating: 0, count: count), false), ([UInt8](repeating: 33, count: count), false),
        ] {
            let cipher = try encryptAES256CBC(head + padding, key: key, initialVector: Array(key.prefix(16)))
            let encrypted = Base64.encode(cipher)
            let parts = [FakeDingTalk.callbackToken, "1", "n", encrypted].map { Array($0.utf8) }
            let signature = hash(parts.sorted { $0.lexicographicallyPrecedes($1) }.flatMap(\.self), with: .sha1).hex
            let opened = try? callback.open(encrypted: encrypted, signature: signature, timestamp: "1", nonce: "n")
            #expect((opened != nil) == isRight)
        }
    }

    @Test("takes any of several receivers and no other")
    func receivers() throws {
        let sealed = try Self.own(["corp"]).seal([1], timestamp: "1", nonce: "n", random: Self.random)
        for (receivers, isTaken) in [(["app", "corp"], true), (["app"], false), (["corpo"], false), (["cor"], false)] {
            let opened = try? Self.own(receivers).open(
                encrypted: sealed.encrypted, signature: sealed.signature, timestamp: "1", nonce: "n"
            )
            #expect((opened != nil) == isTaken)
        }
    }

    @Test(
        "refuses keys that are none",
        arguments: ["", "short", String(repeating: "a", count: 44), String(repeating: "!", count: 43)])
    func keys(key: String) {
        #expect(CallbackCipher(token: "t", aesKey: key, receivers: ["r"]) == nil)
    }

    @Test("speaks with a third party's library in both directions")
    func peer() throws {
        let sealed = try Self.own().seal(
            Array("你好 from here".utf8), timestamp: "1700000000000", nonce: "abc", random: Self.random)
        let script = """
            import json
            from dingtalk.crypto import DingTalkCrypto
            crypto = DingTalkCrypto("\(FakeDingTalk.callbackToken)", "\(FakeDingTalk.aesKey)", "\(FakeDingTalk.appKey)")
            text = crypto.decrypt_encrypt_str("\(sealed.signature)", "1700000000000", "abc", "\(sealed.encrypted)")
            made = crypto.encrypt_message("回信 from there", "def", "1700000000001")
            print(json.dumps({"text": text if isinstance(text, str) else text.decode(), "made": made}))
            """
        guard let json = try Peer.run(script, needing: "dingtalk.crypto", cases: 2) else { return }
        #expect(json["text"]?.string == "你好 from here")
        let made = try #require(json["made"])
        let time = made["timeStamp"]?.string ?? made["timeStamp"]?.text ?? ""
        let opened = try Self.own().open(
            encrypted: made["encrypt"]?.string ?? "", signature: made["msg_signature"]?.string ?? "", timestamp: time,
            nonce: made["nonce"]?.string ?? ""
        )
        #expect(String(decoding: opened, as: UTF8.self) == "回信 from there")
    }

    private static func own(_ receivers: [String] = [FakeDingTalk.appKey]) throws -> CallbackCipher {
        try #require(
            CallbackCipher(token: FakeDingTalk.callbackToken, aesKey: FakeDingTalk.aesKey, receivers: receivers)
        )
    }

    private static func callback(of vector: JSON) throws -> CallbackCipher {
        try #require(
            CallbackCipher(
                token: vector["token"]?.string ?? "", aesKey: vector["aeskey"]?.string ?? "",
                receivers: [vector["receiver_id"]?.string ?? ""]
            )
        )
    }
}
