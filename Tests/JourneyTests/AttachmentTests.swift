import Connectors
import Cryptography
import Kernel
import Ledger
import Pipeline
import Samples
import TestSupport
import Testing

@Suite("An attachment")
struct AttachmentTests {
    private static let invoice = Invoice(1, net: 1000_00)

    /// A form that names its invoice by a link to the fake.
    private static func form(_ fake: FakeDingTalk, stated bytes: [UInt8]? = nil) -> Form {
        Form.expense("BX-1", "1130.00", invoice: invoice).with {
            $0.files[0].url = fake.base + "/file/f"
            $0.files[0].statedDigest = bytes.map { sha256($0).hex }
        }
    }

    private static func open(
        _ engine: Engine, file: [UInt8], _ journey: (Office, FakeDingTalk) async throws -> Void
    ) async throws {
        let fake = try await FakeDingTalk.start(files: ["f": file])
        var company = TestCompany()
        company.options = ["allowed_hosts": [.string("127.0.0.1:\(fake.port)")], "allow_http": true]
        do {
            try await Office.open(engine, company: company) { try await journey($0, fake) }
        } catch {
            try await fake.stop()
            throw error
        }
        try await fake.stop()
    }

    private static var cutting: FakeDingTalk.Switches {
        var switches = FakeDingTalk.Switches()
        switches.cutsEvery = 1
        return switches
    }

    @Test(
        "that does not come is waited for a quarter of an hour, in everybody's sight, and then a person is asked",
        arguments: Engine.available
    )
    func patience(_ engine: Engine) async throws {
        try await Self.open(engine, file: Self.invoice.file.bytes) { office, fake in
            fake.set(Self.cutting)
            try await office.send(Self.form(fake))
            try await office.settle(minutes: 14)
            #expect(try await office.allCases().isEmpty)
            let waiting = try #require(try await office.standings().first)
            #expect(waiting.delivery.state == .pending)
            #expect(waiting.attempts > 3)
            #expect(waiting.nextAttemptAt != nil)
            #expect(waiting.problem?.code == "connector.unreachable")
            #expect(!waiting.isReplayable)
            try await office.settle(minutes: 12)
            #expect(try await office.theCase("BX-1").problem?.code == "evidence.attachment_unreachable")
            #expect(try await office.standings().map(\.delivery.state) == [.done])
            fake.set(FakeDingTalk.Switches())
            try await office.cases.retry(office.theCase("BX-1").id, in: TestCompany.id, by: .lead, reason: "it is back")
            try await office.settle()
            #expect(try await office.theCase("BX-1").state == .posted)
        }
    }

    @Test("that comes late is booked without a person", arguments: Engine.available)
    func late(_ engine: Engine) async throws {
        try await Self.open(engine, file: Self.invoice.file.bytes) { office, fake in
            fake.set(Self.cutting)
            try await office.send(Self.form(fake))
            try await office.settle(minutes: 14)
            fake.set(FakeDingTalk.Switches())
            try await office.settle(minutes: 10)
            #expect(try await office.theCase("BX-1").state == .posted)
            #expect(try await office.theCase("BX-1").run == 1)
        }
    }

    @Test("is waited for as long as the partner only asks to slow down", arguments: Engine.available)
    func throttled(_ engine: Engine) async throws {
        let fake = try await FakeDingTalk.start()
        DingTalkForm(invoice: Invoice(1, net: 1000_00, percent: 6)).put(into: fake)
        do {
            try await Office.open(engine) { office in
                try await office.connect(fake)
                var switches = FakeDingTalk.Switches()
                // The instance comes, the link of the file does not.
                switches.throttlesEvery = 2
                fake.set(switches)
                try await office.call()
                try await office.settle()
                switches.throttlesEvery = 1
                fake.set(switches)
                try await office.settle(minutes: 100)
                #expect(try await office.allCases().isEmpty)
                #expect(try await office.deadLetters(Book.inbox(of: DingTalkForm.connector)) == 0)
                fake.set(FakeDingTalk.Switches())
                let before = fake.calls
                try await office.settle(minutes: 2)
                #expect(try await office.theCase("DD-1").state == .posted)
                // The link, then the comment with its look at the form: the instance is not fetched again.
                #expect(fake.calls - before == 3)
            }
        } catch {
            try await fake.stop()
            throw error
        }
        try await fake.stop()
    }

    @Test(
        "that was replaced after approval is kept and holds the case, until the right one is back",
        arguments: Engine.available
    )
    func changed(_ engine: Engine) async throws {
        let right = Self.invoice.file.bytes
        let second = Array("another file".utf8)
        let third = Array("a third file".utf8)
        try await Self.open(engine, file: second) { office, fake in
            try await office.deliver(Self.form(fake, stated: right))
            for (file, run) in [(second, 1), (second, 2), (third, 3)] {
                fake.set(file, for: "f")
                if run > 1 { try await office.retry("BX-1") }
                let held = try await office.theCase("BX-1")
                #expect(held.state == .held)
                #expect(held.run == run)
                #expect(held.problem?.code == "evidence.attachment_changed")
                #expect(held.problem?.cause.en.contains(sha256(file).hex) == true)
            }
            fake.set(right, for: "f")
            try await office.retry("BX-1")
            #expect(try await office.theCase("BX-1").state == .posted)
            let id = try await office.theCase("BX-1").id
            for bytes in [second, third, right] {
                #expect(try await office.read { try $0.originals.bytes(sha256(bytes)) } == bytes)
                let records = try await office.read { try $0.evidence.evidence(of: id) }
                #expect(records.filter { $0.digest == sha256(bytes) }.count == 1)
            }
        }
    }

    @Test("that came once is not asked for again while another is waited for", arguments: Engine.available)
    func progress(_ engine: Engine) async throws {
        try await Self.open(engine, file: Self.invoice.file.bytes) { office, fake in
            let second = Array("a contract".utf8)
            var form = Self.form(fake)
            form.files.append(Attachment(name: "b.txt", bytes: second, url: fake.base + "/file/g"))
            // The first comes and the second is cut; later the first is gone.
            fake.set(second, for: "g")
            fake.cut(["g"])
            try await office.send(form)
            try await office.settle()
            #expect(try await office.allCases().isEmpty)
            fake.cut(["f"])
            try await office.settle(minutes: 2)
            #expect(try await office.theCase("BX-1").state == .posted)
            #expect(try await office.theCase("BX-1").run == 1)
            let parts = try await office.store.read(Book.inbox(of: TestCompany.connector)) { records in
                try records.inbox.page(limit: 1, cursor: nil).items.flatMap { try records.inbox.fetched($0.key) }
            }
            #expect(parts == [])
        }
    }

    @Test(
        "is counted with the voucher that books it, and not again with the one that pays", arguments: Engine.available)
    func counted(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            let claim = Form.expense("BX-1", "1130.00", invoice: Self.invoice)
            let paid = claim.with {
                $0.revision = 2
                $0.outcome = "paid"
                $0.extra = [("payment", Form.payment("1130.00", paidAt: "2026-04-12T03:00:00Z"))]
            }
            try await office.deliver(claim, paid)
            #expect(try await office.voucher(of: "BX-1").voucher.attachments == 1)
            #expect(try await office.voucher(of: "BX-1", revision: 2).voucher.attachments == 0)
        }
    }

    @Test("is brought within a count and a size for each document", arguments: [(500, true), (501, false)])
    func budget(count: Int, isTaken: Bool) async throws {
        try await Office.open(.sqlite) { office in
            var form = Form.expense("BX-1", "86.00", kind: "taxi")
            form.files = (1...count).map { Attachment(name: "\($0).txt", bytes: Array("note \($0)".utf8)) }
            try await office.deliver(form)
            #expect((try await office.theCase("BX-1").state == .posted) == isTaken)
            let id = try await office.theCase("BX-1").id
            #expect(try await office.read { try $0.evidence.evidence(of: id).count } == (isTaken ? 500 : 0))
        }
    }
}

extension Office {
    fileprivate func standings() async throws -> [DeliveryStanding] {
        try await store.read(Book.inbox(of: TestCompany.connector)) {
            try DeliveryStanding.page(in: $0, limit: 10, cursor: nil).items
        }
    }

    fileprivate func retry(_ name: String) async throws {
        clock.advance(seconds: 60)
        try await cases.retry(theCase(name).id, in: TestCompany.id, by: .lead, reason: "try")
        try await settle()
    }
}
