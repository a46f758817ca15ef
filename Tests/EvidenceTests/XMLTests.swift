import Evidence
import Kernel
import Samples
import Testing

@Suite("XML of vouchers")
struct XMLTests {
    private static func fault(_ bytes: [UInt8]) -> String? {
        do {
            _ = try readEvidence(bytes, name: "x.xml")
            return nil
        } catch { return error.fault.name }
    }

    /// The hotel invoice with some text inside its last element.
    private static func with(_ text: String) -> [UInt8] {
        Invoices.xml(replacing: "</TaxSupervisionInfo>", with: text + "</TaxSupervisionInfo>")
    }

    @Test("may be 64 levels deep and not one more")
    func depth() {
        func nested(_ count: Int) -> String {
            String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
        }
        #expect(Self.fault(Self.with(nested(62))) == nil)
        #expect(Self.fault(Self.with(nested(63))) == "xml_too_deep")
        #expect(
            Self.fault(Self.with(String(repeating: "<a>", count: 61) + "<b/>" + String(repeating: "</a>", count: 61)))
                == nil)
    }

    @Test("may have 256 attributes on an element and not one more")
    func attributes() {
        func element(_ count: Int) -> String { "<a" + (0..<count).map { " a\($0)=\"\"" }.joined() + "/>" }
        #expect(Self.fault(Self.with(element(256))) == nil)
        #expect(Self.fault(Self.with(element(257))) == "xml_too_many_attributes")
    }

    @Test("may have 200000 nodes and 8 MB")
    func size() {
        #expect(Self.fault(Self.with(String(repeating: "<a/>", count: 199_000))) == nil)
        #expect(Self.fault(Self.with(String(repeating: "<a/>", count: 200_000))) == "xml_too_many_nodes")
        let room = 8 << 20 - Self.with("").count
        #expect(Self.fault(Self.with(String(repeating: " ", count: room))) == nil)
        #expect(Self.fault(Self.with(String(repeating: " ", count: room + 1))) == "xml_too_large")
    }

    @Test(
        "may not declare anything",
        arguments: ["<!DOCTYPE a>", "<!ENTITY a \"b\">", "<!doctype a>", "<!ELEMENT a ANY>", "<![INCLUDE[]]>"]
    )
    func declarations(text: String) {
        #expect(Self.fault(Self.with(text)) == "xml_dtd_forbidden")
        #expect(Self.fault(Array((text + "<EInvoice/>").utf8)) == "xml_dtd_forbidden")
    }

    @Test("may mention declarations where they are text")
    func mentions() {
        for text in ["<!-- <!DOCTYPE a> -->", "<a><![CDATA[<!ENTITY a>]]></a>", "<?a <!DOCTYPE b> ?>"] {
            #expect(Self.fault(Self.with(text)) == nil)
        }
    }

    @Test(
        "must be well-formed",
        arguments: [
            "<a>", "</a>", "<a b='1' b='2'/>", "&unknown;", "<a", "<!-- ", "\u{1}", "<a b='<'/>", "<a '/>", "&#0;",
        ]
    )
    func malformed(text: String) { #expect(Self.fault(Self.with(text)) == "xml_malformed") }

    private static let text = String(decoding: Invoices.hotel().xml(), as: UTF8.self).dropFirst(38)

    private static func utf16(_ text: String, little: Bool, mark: Bool) -> [UInt8] {
        ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
            little ? [UInt8(unit & 255), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 255)]
        }
    }

    @Test("are read in UTF-8 and UTF-16, with mark and without")
    func encodings() {
        let declared = #"<?xml version="1.0" encoding="UTF-16"?>"# + Self.text
        for little in [true, false] {
            #expect(Self.fault(Self.utf16(declared, little: little, mark: true)) == nil)
            #expect(Self.fault(Self.utf16(declared, little: little, mark: false)) == nil)
            #expect(Self.fault(Self.utf16(String(Self.text), little: little, mark: true)) == nil)
        }
        #expect(Self.fault([0xEF, 0xBB, 0xBF] + Array(Self.text.utf8)) == nil)
        #expect(Self.fault(Array(Self.text.utf8)) == nil)
    }

    @Test("are refused in other encodings, and when they say what they are not")
    func wrongEncodings() {
        func declared(_ label: String) -> String { "<?xml version=\"1.0\" encoding=\"\(label)\"?>" + Self.text }
        for label in ["ISO-8859-1", "Big5", "UTF-7", "UTF-32", "", "windows-1252"] {
            #expect(Self.fault(Array(declared(label).utf8)) == "unsupported_encoding")
        }
        #expect(Self.fault(Array(declared("GB18030").utf8)) == "encoding_mismatch")
        #expect(Self.fault(Array(declared("UTF-16").utf8)) == "encoding_mismatch")
        #expect(Self.fault(Self.utf16(declared("UTF-8"), little: true, mark: true)) == "encoding_mismatch")
        #expect(Self.fault([0xEF, 0xBB, 0xBF] + Array(declared("GBK").utf8)) == "encoding_mismatch")
        #expect(Self.fault([0xFF, 0xFE, 0, 0] + Array(Self.text.utf8)) == "unsupported_encoding")
    }

    @Test("that are no voucher are named, and other files are not guessed at")
    func others() {
        #expect(Self.fault([]) == "empty")
        #expect(Self.fault(Array("hello".utf8)) == "unsupported_format")
        #expect(Self.fault(Array("<html/>".utf8)) == "unsupported")
        #expect(Self.fault(Array("%PDF-1.7".utf8)) == "pdf_damaged")
        #expect(Self.fault([0xFF, 0xD8, 0xFF, 0xE0]) == "unsupported")
    }
}
