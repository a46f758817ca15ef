import Cryptography
import Kernel
import Testing

@Suite("Cryptography")
struct CryptographyTests {
    @Test(
        "hashes as the standards' examples do",
        arguments: [
            (HashFunction.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (.sm3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ]
    )
    func abc(function: HashFunction, hex: String) {
        #expect(hash(Array("abc".utf8), with: function).hex == hex)
    }

    @Test("the SHA-256 of nothing is known")
    func empty() {
        #expect(sha256([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("HMAC-SHA-256 agrees with RFC 4231, test cases 1 and 2")
    func hmacs() {
        #expect(
            hmac(Array("Hi There".utf8), key: [UInt8](repeating: 0x0B, count: 20), with: .sha256).hex
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        )
        #expect(
            hmac(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8), with: .sha256).hex
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }

    @Test("Base64 agrees with RFC 4648", arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"])
    func base64(text: String) {
        let encoded = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"][text.utf8.count]
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(
        "Base64 refuses spare bits, missing padding and white space, unless told to be lenient",
        arguments: ["Zh==", "Zg", "Zm 9v", "Zm9\nv"])
    func lenient(text: String) {
        #expect(Base64.decode(text) == nil)
        #expect(Base64.decode(text, lenient: true) != nil)
    }

    @Test("what is sealed opens only with the same key and context")
    func sealing() throws {
        let key = randomBytes(32)
        let sealed = try seal(Array("secret".utf8), key: key, context: [1])
        #expect(try open(sealed, key: key, context: [1]) == Array("secret".utf8))
        #expect(throws: DecryptionError()) { try open(sealed, key: key, context: [2]) }
        #expect(throws: DecryptionError()) { try open(sealed, key: randomBytes(32), context: [1]) }
        #expect(throws: DecryptionError()) { try open([], key: key, context: [1]) }
    }

    @Test("AES-256-CBC is its own reverse")
    func aes() throws {
        let key = randomBytes(32)
        let text = [UInt8](repeating: 7, count: 48)
        let cipher = try encryptAES256CBC(text, key: key, initialVector: Array(key.prefix(16)))
        #expect(try decryptAES256CBC(cipher, key: key, initialVector: Array(key.prefix(16))) == text)
        #expect(throws: DecryptionError()) { try decryptAES256CBC([1], key: key, initialVector: Array(key.prefix(16))) }
    }

    @Test("a password matches its hash and no other")
    func passwords() {
        let stored = PasswordHash(hashing: "correct horse")
        #expect(PasswordHash(stored: stored.text).matches("correct horse"))
        #expect(!stored.matches("wrong horse"))
        #expect(!PasswordHash(stored: "nonsense").matches("correct horse"))
    }
}
