import Cryptography
import Evidence
import Foundation
import Kernel
import Testing

@Suite("Signatures of the corpus")
struct SignatureCorpusTests {
    private static var root: TrustList {
        let text = try? String(contentsOf: Corpus.root.appending(path: "ofd_sig/test_root_ca.pem"), encoding: .utf8)
        return TrustList(roots: Certificate.certificates(pem: text ?? ""))
    }

    private static let folders = [
        "ofd_sig", "bker", "bkrs", "rai", "atr", "efi", "inv_ofd", "inv_xbrl_ofd", "einv_ofd", "ofd_misc",
    ]

    private static var signed: [Corpus.Sample] {
        folders.flatMap(Corpus.samples).filter { $0.name.hasSuffix(".ofd") }
    }

    @Test("agree with what openssl and hashlib said of every digest, signature, seal and certificate")
    func details() throws {
        var right = 0
        var fields = 0
        let samples = Self.signed
        if samples.isEmpty { print("skipped: no corpus of signatures") }
        for sample in samples {
            let expected = sample.expected["signatures"]?.array ?? []
            let found = try verifySignatures(sample.bytes, name: sample.name, by: Self.root)
                .filter { $0.state != .absent }
            #expect(found.count == expected.count, "\(sample)")
            for (finding, expected) in zip(found, expected) {
                let json = finding.json(in: .en)
                for member in expected.members ?? [] {
                    fields += 1
                    let read = json[member.name] ?? .null
                    if read == member.value {
                        right += 1
                    } else {
                        Issue.record("\(sample) \(member.name): \(read.text), expected \(member.value.text)")
                    }
                }
            }
        }
        print("signatures: fields \(right)/\(fields) of \(samples.count) files")
    }

    private static let table: [(String, SignatureFinding.State, SignatureFinding.Trust)] = [
        ("sm2_valid", .valid, .trusted), ("sm2_outside_scope", .valid, .trusted),
        ("sm2_tampered_page", .invalid, .untrusted), ("sm2_tampered_attachment", .invalid, .untrusted),
        ("sm2_swapped_cert", .invalid, .untrusted), ("sm2_signature_removed", .absent, .unknown),
        ("sm2_expired_cert", .valid, .untrusted), ("ses_v4_test", .valid, .untrusted),
        ("digital_sign_raw_rs", .unverifiable, .unknown), ("ses_v1_keyed_digest", .unverifiable, .unknown),
    ]

    @Test("are answered by mathematics and by trust, apart", arguments: table)
    func judged(name: String, state: SignatureFinding.State, trust: SignatureFinding.Trust) throws {
        guard let sample = Corpus.samples("ofd_sig").first(where: { $0.name == name + ".ofd" }) else {
            print("skipped: \(name), no corpus")
            return
        }
        let findings = try verifySignatures(sample.bytes, name: name, by: Self.root)
        #expect(findings.map(\.state) == [state] && findings.map(\.trust) == [trust], "\(findings)")
        // Nobody is trusted without a list.
        let alone = try verifySignatures(sample.bytes, name: name, by: .empty)
        #expect(alone.map(\.state) == [state] && !alone.contains { $0.trust == .trusted })
        #expect(findings.allSatisfy { !$0.reason.zh.isEmpty && !$0.reason.en.isEmpty })
    }

    @Test("that were followed by another are not held against the file")
    func twice() throws {
        guard let sample = Corpus.samples("ofd_sig").first(where: { $0.name == "two_signatures.ofd" }) else { return }
        let findings = try verifySignatures(sample.bytes, name: sample.name, by: Self.root)
        #expect(findings.map(\.state) == [.valid, .valid])
        #expect(findings.first?.reason.en.contains("signed again") == true)
    }
}
