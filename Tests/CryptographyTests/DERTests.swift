import Cryptography
import Kernel
import Testing

@Suite("DER")
struct DERTests {
    @Test("reads what it writes, in every form of length", arguments: [0, 1, 127, 128, 255, 256, 65_535, 65_536])
    func lengths(count: Int) throws {
        let content = [UInt8](repeating: 7, count: count)
        let bytes = encodeDER(DER.Tag.octetString, content)
        let value = try #require(DER(bytes))
        #expect(value.tag == DER.Tag.octetString && Array(value.content) == content && Array(value.whole) == bytes)
        #expect(DER(bytes + [0]) == nil && DER(Array(bytes.dropLast())) == nil)
    }

    @Test(
        "refuses what is not whole",
        arguments: [
            [], [0x30], [0x30, 0x80, 0, 0], [0x1F, 1, 0], [0x30, 0x85, 0, 0, 0, 0, 0], [0x30, 0x84, 0xFF, 0, 0, 0],
        ]
    )
    func refuses(bytes: [UInt8]) { #expect(DER(bytes) == nil) }

    @Test("gives children only where they fill their parent")
    func children() {
        #expect(DER([0x30, 4, 2, 0, 4, 0])?.children?.map(\.tag) == [2, 4])
        #expect(DER([0x30, 3, 2, 0, 4])?.children == nil)
        #expect(DER([0x04, 2, 2, 0])?.children == nil)
    }

    @Test("reads names of algorithms")
    func names() {
        #expect(DER([6, 8, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x83, 0x75])?.objectIdentifier == "1.2.156.10197.1.501")
        #expect(DER([6, 1, 0x81])?.objectIdentifier == nil)
    }

    @Test(
        "reads the times signers write",
        arguments: [
            ("20200723130907.763Z", "2020-07-23T13:09:07Z"), ("220725214639Z", "2022-07-25T21:46:39Z"),
            ("2021-05-19 20:53:44", "2021-05-19T12:53:44Z"), ("20201010151120", "2020-10-10T07:11:20Z"),
            ("991231235959Z", "1999-12-31T23:59:59Z"), ("20200230000000Z", nil), ("20200101240000Z", nil),
            ("null", nil),
        ] as [(String, String?)]
    )
    func times(text: String, instant: String?) { #expect(signingTime(text)?.text == instant) }

    @Test("turns r and s alone into DER")
    func raw() {
        let r = [UInt8](repeating: 0, count: 31) + [1]
        let s = [0x80] + [UInt8](repeating: 0, count: 31)
        #expect(signatureDER(rawSM2: r + s) == [0x30, 38, 2, 1, 1, 2, 33, 0] + s)
        #expect(signatureDER(rawSM2: r) == nil)
    }
}
