import Connectors
import Kernel
import Pipeline
import Testing

@Suite("WebAddress and AddressRules")
struct WebAddressTests {
    /// Spellings of hosts that lead, for some reader of addresses, to this machine or to another host than shown.
    static let spellings = [
        "http://oa.example.com/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
        "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.1./",
        "https://oa.example.com./", "https://127.0.0.01/", "https://0/", "https://0.0.0.0/", "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/", "https://[fe80::1]/",
        "https://[fe80::1%25eth0]/", "https://[fd00::1]/", "https://[ff02::1]/", "https://[2002:7f00:1::]/",
        "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/", "https://224.0.0.1/", "https://255.255.255.255/",
        "https://oa.example.com@127.0.0.1/", "https://127.0.0.1#@oa.example.com/", "https://user:pw@oa.example.com/",
        "https://oa.example.com\\@127.0.0.1/", "https://oa.example.com%2f@127.0.0.1/",
        "https://oa.example.com%00.evil.example/",
        "https://①②⑦.⓪.⓪.①/", "https://oa．example．com/", "https://ｌocalhost/", "https://localhost/",
        "https://oa.example.com:0/", "https://oa.example.com:65536/", "https://oa.example.com:8443/",
        "https://oa.example.com:443:80/", "https://oa.example.com.evil.example/", "https://evil.example/oa.example.com",
        "https://evil.example?oa.example.com", "https:oa.example.com/", "https:///oa.example.com/", "//oa.example.com/",
        "ftp://oa.example.com/", "file:///etc/passwd", "gopher://oa.example.com/", "https://", "",
        "https://-a.example/",
        "https://xn--oa-exmple-x2a.com/", "https://oa.example.com /", "https://oa.example.com\n/",
        "https://oa..example.com/",
        "https://0xoa.0x1/", "https://1.2.3/", "https://999.1.1.1/",
    ]

    @Test("are refused in every spelling but the listed one", arguments: spellings)
    func spelling(text: String) {
        #expect(Self.refusal(text, AddressRules(listed: ["oa.example.com"])) != nil)
    }

    @Test(
        "are called as they are listed",
        arguments: [
            ("https://oa.example.com/a?b=c#d", ["oa.example.com"], "https://oa.example.com:443/a?b=c"),
            ("HTTPS://OA.Example.com", ["oa.example.com"], "https://oa.example.com:443/"),
            ("https://oa.example.com:8443/", ["oa.example.com:8443"], "https://oa.example.com:8443/"),
            ("https://a.b.example.com/报销", ["*.example.com"], "https://a.b.example.com:443/%E6%8A%A5%E9%94%80"),
            ("https://127.0.0.1:8080/x", ["127.0.0.1:8080"], "https://127.0.0.1:8080/x"),
            ("https://[::1]/x", ["[::1]"], "https://[::1]:443/x"),
            ("https://[::1]:81/x", ["[::1]:81"], "https://[::1]:81/x"),
            ("https://10.0.0.1/x", ["10.0.0.1"], "https://10.0.0.1:443/x"),
            ("https://xn--fiq228c.example/", ["xn--fiq228c.example"], "https://xn--fiq228c.example:443/"),
            ("https://oa.example.com?x=1", ["oa.example.com"], "https://oa.example.com:443/?x=1"),
        ]
    )
    func listed(text: String, hosts: [String], called: String) throws {
        #expect(Self.refusal(text, AddressRules(listed: hosts)) == nil)
        #expect(try WebAddress(text).text == called)
    }

    @Test("take http only where it is allowed")
    func plain() {
        #expect(Self.refusal("http://oa.example.com/", AddressRules(listed: ["oa.example.com"])) != nil)
        #expect(
            Self.refusal("http://oa.example.com/", AddressRules(listed: ["oa.example.com"], allowsPlainHTTP: true))
                == nil)
    }

    @Test("list a domain without itself")
    func domain() {
        let rules = AddressRules(listed: ["*.example.com"])
        #expect(Self.refusal("https://a.example.com/", rules) == nil)
        #expect(Self.refusal("https://example.com/", rules) != nil)
        #expect(Self.refusal("https://evilexample.com/", rules) != nil)
    }

    @Test(
        "let a name lead where it may",
        arguments: [
            ("8.8.8.8", true, true, true), ("10.1.2.3", true, false, false), ("192.168.0.9", true, false, false),
            ("fd12::9", true, false, false), ("127.0.0.1", false, false, false),
            ("169.254.169.254", false, false, false),
            ("::1", false, false, false), ("::ffff:10.0.0.1", false, false, false),
            ("64:ff9b::a00:1", false, false, false),
            ("2001:db8::1", false, false, false), ("2606:4700::1", true, true, true), ("0.0.0.0", false, false, false),
            ("172.15.255.255", true, true, true), ("172.16.0.0", true, false, false), ("172.32.0.0", true, true, true),
            ("100.63.255.255", true, true, true), ("100.128.0.0", true, true, true), ("224.0.0.1", false, false, false),
            ("223.255.255.255", true, true, true),
        ]
    )
    func reach(ip: String, exact: Bool, domain: Bool, byDefault: Bool) throws {
        let address = try WebAddress("https://oa.example.com/")
        let ip = try #require(IPAddress(ip))
        #expect((AddressRules(listed: ["oa.example.com"]).refusal(of: ip, for: address) == nil) == exact)
        #expect((AddressRules(listed: ["*.example.com"]).refusal(of: ip, for: address) == nil) == domain)
        let defaults = AddressRules(listed: [], defaults: ["oa.example.com"])
        #expect((defaults.refusal(of: ip, for: address) == nil) == byDefault)
    }

    private static func refusal(_ text: String, _ rules: AddressRules) -> String? {
        do throws(WebAddress.Refusal) {
            let address = try WebAddress(text)
            if let ip = address.ip, let refusal = rules.refusal(of: ip, for: address) { return refusal.en }
            return rules.refusal(of: address)?.en
        } catch {
            return error.reason.en
        }
    }
}
