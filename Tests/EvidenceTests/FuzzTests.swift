import Evidence
import Kernel
import Samples
import Testing

@Suite("Damaged vouchers")
struct FuzzTests {
    /// A small generator with a fixed seed, so that a failure can be repeated.
    private struct Chance {
        var state: UInt64
        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, limit)
        }
    }

    @Test("are read or refused, and never end the program")
    func mutations() {
        let folders = [
            "einv_xml", "einv_ofd", "inv_ofd", "inv_xbrl_ofd", "rai", "atr", "bker", "bkrs", "efi", "ofd_sig",
        ]
        let corpus = folders.flatMap(Corpus.samples).map(\.bytes).filter { $0.count < 50_000 }
        let sources = corpus + Invoices.all.flatMap { [$0.xml(), $0.ofd()] }
        var chance = Chance(state: 20_261_123)
        var outcomes: [String: Int] = [:]
        for round in 0..<3_000 {
            var bytes = sources[round % sources.count]
            switch chance.below(5) {
            case 0: bytes = Array(bytes.prefix(chance.below(bytes.count)))
            case 1:
                bytes.removeSubrange(chance.below(bytes.count / 2)..<bytes.count / 2 + chance.below(bytes.count / 2))
            case 2:
                let start = chance.below(bytes.count)
                let piece = Array(bytes[start..<min(bytes.count, start + 300)])
                bytes.insert(contentsOf: piece, at: chance.below(bytes.count))
            default: break
            }
            for _ in 0...chance.below(6) where !bytes.isEmpty {
                // Half of the flips hit the directory of a package, which lies at its end.
                let reach = chance.below(2) == 0 ? bytes.count : min(bytes.count, 800)
                bytes[bytes.count - 1 - chance.below(reach)] ^= UInt8(1 << chance.below(8))
            }
            do {
                let files = try readEvidence(bytes, name: "fuzz")
                #expect(files.allSatisfy { !$0.registerKey.isEmpty && !$0.ruleFields.text.isEmpty })
                outcomes["read", default: 0] += 1
            } catch {
                #expect(!error.problem.cause.zh.isEmpty && error.file == "fuzz")
                outcomes[error.fault.name, default: 0] += 1
            }
        }
        print("fuzz:", outcomes.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
}
