import Evidence
import Foundation
import Kernel
import Samples
import Testing

@Suite("ZIP packages")
struct ZipTests {
    private static let invoice = HostileZip.Entry("a.xml", Invoices.hotel().xml())
    private static func plain(_ entries: [HostileZip.Entry]) -> [UInt8] {
        HostileZip(entries: [invoice] + entries).bytes()
    }

    private static func fault(_ bytes: [UInt8]) -> String? {
        do {
            _ = try readEvidence(bytes, name: "x.zip")
            return nil
        } catch { return error.fault.name }
    }

    /// A deflated entry of zeros.
    private static func zeros(_ count: Int) -> [UInt8] {
        var zip = ZipWriter()
        zip.add("a.xml", Invoices.hotel().xml())
        zip.add("z.bin", [UInt8](repeating: 0, count: count))
        return zip.finish()
    }

    @Test(
        "are refused when a name is not plain",
        arguments: [
            "../a", "a/../../b", "/etc/x", "a\\b", "C:/x", "c:x", "a\u{0}b", "./a", "a//b", "..", "a/..", "/", "a\nb",
        ]
    )
    func names(name: String) { #expect(Self.fault(Self.plain([.init(name)])) == "zip_path_escape") }

    @Test("are read when a name is plain", arguments: ["a/b.txt", "名称.txt", "a..b", "...", "folder/", "a:b"])
    func plainNames(name: String) {
        #expect(Self.fault(Self.plain([.init(name)])) == (name == "a:b" ? "zip_path_escape" : nil))
    }

    @Test("are refused for what entries claim to be")
    func entries() {
        let twice = HostileZip.Entry("b")
        #expect(Self.fault(Self.plain([twice, twice])) == "zip_duplicate_entry")
        #expect(Self.fault(Self.plain([twice.with { $0.mode = 0xA1FF }])) == "zip_symlink")
        #expect(Self.fault(Self.plain([twice.with { $0.mode = 0x2000 }])) == "zip_symlink")
        #expect(Self.fault(Self.plain([twice.with { $0.mode = 0 }])) == nil)
        for flags in [1, 1 << 6, 1 << 13] {
            #expect(Self.fault(Self.plain([twice.with { $0.flags = flags }])) == "encrypted")
        }
        #expect(Self.fault(Self.plain([twice.with { $0.method = 99 }])) == "encrypted")
        #expect(Self.fault(Self.plain([twice.with { $0.method = 12 }])) == "zip_unsupported_method")
        #expect(Self.fault(Self.plain([twice.with { $0.localName = Array("c".utf8) }])) == "zip_bad_directory")
        #expect(Self.fault(Self.plain([twice.with { $0.localSize = 7 }])) == "zip_bad_directory")
        #expect(Self.fault(Self.plain([twice.with { $0.offset = 3 }])) == "zip_bad_directory")
        #expect(Self.fault(Self.plain([twice.with { $0.offset = 0 }])) == "zip_bad_directory")
        #expect(
            Self.fault(
                Self.plain([
                    twice.with {
                        $0.data = [1]; $0.checksum = 1
                    }
                ])) == "zip_damaged")
        #expect(Self.fault(Self.plain([twice.with { $0.size = 0xFFFF_FFFF }])) == "zip_bad_directory")
    }

    @Test("are refused when two entries share data")
    func overlap() {
        // The packed size of the first reaches over the header of the second.
        let inner = HostileZip(entries: [.init("b", [1, 2, 3])]).bytes()
        let outer = HostileZip.Entry("a.bin", inner)
        var zip = HostileZip(entries: [Self.invoice, outer])
        let start = Self.invoice.data.count + 30 + 5 + 30 + 5
        zip.entries.append(HostileZip.Entry("b", [1, 2, 3]).with { $0.offset = start })
        #expect(Self.fault(zip.bytes()) == "zip_bomb")
    }

    @Test("are refused when the directory is not where and what it should be")
    func directory() {
        #expect(Self.fault(HostileZip(entries: [Self.invoice], count: 2).bytes()) == "zip_bad_directory")
        #expect(Self.fault(HostileZip(entries: [Self.invoice], count: 0).bytes()) == "zip_bad_directory")
        #expect(Self.fault(HostileZip(entries: [Self.invoice], count: 0xFFFF).bytes()) == "zip_bad_directory")
        #expect(Self.fault(HostileZip(entries: [Self.invoice], tail: [0]).bytes()) == "zip_bad_directory")
        #expect(Self.fault(HostileZip(entries: [Self.invoice], comment: Array("ok".utf8)).bytes()) == nil)
        #expect(Self.fault(Array(Self.plain([]).dropLast(30))) == "zip_truncated")
        #expect(Self.fault(HostileZip(entries: []).bytes()) == "unsupported")
    }

    @Test("may have 2000 entries and not one more")
    func entryLimit() {
        let fillers = (0..<1_999).map { HostileZip.Entry("f\($0)") }
        #expect(Self.fault(Self.plain(fillers)) == nil)
        #expect(Self.fault(Self.plain(fillers + [.init("g")])) == "zip_bomb")
    }

    @Test("may pack as they like up to a megabyte, and 200 to 1 beyond")
    func ratioLimit() {
        #expect(Self.fault(Self.zeros(1 << 20)) == nil)
        #expect(Self.fault(Self.zeros(1 << 20 + 1)) == "zip_bomb")
    }

    @Test("may hold 50 MB in an entry and 64 MB in all, by what they claim")
    func claimedSizes() {
        let packed = [UInt8](repeating: 0, count: 300_000)
        func claim(_ name: String, _ size: Int) -> HostileZip.Entry {
            HostileZip.Entry(name, packed).with {
                $0.size = size
                $0.method = 8
            }
        }
        // A claim within the limits is believed until unpacking shows that it is not true.
        #expect(Self.fault(Self.plain([claim("b", 50 << 20)])) == "zip_damaged")
        #expect(Self.fault(Self.plain([claim("b", 50 << 20 + 1)])) == "zip_bomb")
        #expect(Self.fault(Self.plain([claim("b", 40 << 20), claim("c", 25 << 20)])) == "zip_bomb")
    }

    @Test("are refused for lying bombs without unpacking them")
    func lyingBomb() throws {
        var honest = ZipWriter()
        honest.add("z.bin", [UInt8](repeating: 0, count: 80 << 20))
        let bytes = honest.finish()
        let packed = Array(bytes[(30 + 5)..<(bytes.count - 22 - 46 - 5)])
        let entry = HostileZip.Entry("z.bin", packed).with {
            $0.method = 8
            $0.size = 1_000
        }
        let before = try residentPeak()
        #expect(Self.fault(Self.plain([entry])) == "zip_bomb")
        for sample in Corpus.samples("hostile") where sample.name.hasPrefix("zip_bomb") {
            #expect(Self.fault(sample.bytes) == "zip_bomb")
        }
        let after = try residentPeak()
        #expect(after - before < 64 << 10)
    }

    /// The most memory the process has held, in kilobytes.
    private func residentPeak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM") })
        return try #require(line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) })
    }

    @Test("give each voucher once, the XML before its OFD, and leave out what is no voucher")
    func several() throws {
        var zip = ZipWriter()
        zip.add("1/a.ofd", Invoices.hotel().ofd())
        zip.add("1/a.xml", Invoices.hotel().xml())
        zip.add("1/a.pdf", Array("%PDF-1.7".utf8))
        zip.add("2/b.ofd", Invoices.ride.ofd())
        let files = try readEvidence(zip.finish(), name: "x.zip")
        #expect(files.map(\.registerKey) == [Invoices.hotel().number, Invoices.ride.number])
        #expect(files.map(\.kind) == [.einvXML, .einvOFD])
        #expect(files.map(\.file) == ["1/a.xml", "2/b.ofd"])
        var nested = ZipWriter()
        nested.add("inner.zip", zip.finish())
        #expect(Self.fault(nested.finish()) == "zip_nested")
    }

    @Test("name the part that is wrong")
    func part() throws {
        var zip = ZipWriter()
        zip.add("a.xml", Invoices.xml(replacing: "<TotalTaxAm>48.00<", with: "<TotalTaxAm>1e3<"))
        do {
            _ = try readEvidence(zip.finish(), name: "x.zip")
            Issue.record("it is read")
        } catch {
            #expect(error.file == "x.zip" && error.part == "a.xml")
            #expect(error.refusal(in: .en)["code"] == "invalid_amount")
        }
    }
}
