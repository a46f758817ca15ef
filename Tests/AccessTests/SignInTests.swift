import Access
import Cryptography
import Kernel
import Testing

private let start = Timestamp(seconds: 1_800_000_000)

@Suite("Session")
struct SessionTests {
    private let session = Session(token: SessionToken().digest, person: "p-li", startedAt: start)

    @Test("ends after 30 idle minutes")
    func idle() {
        #expect(session.isValid(at: start.adding(seconds: 1799)))
        #expect(!session.isValid(at: start.adding(seconds: 1800)))
        let seen = session.seen(at: start.adding(seconds: 1000))
        #expect(seen.isValid(at: start.adding(seconds: 2799)))
        #expect(seen.seen(at: start) == seen, "a clock that was set back does not shorten it")
    }

    @Test("ends after 12 hours, however busy it was")
    func absolute() {
        let busy = session.seen(at: start.adding(seconds: 43_100))
        #expect(busy.isValid(at: start.adding(seconds: 43_199)))
        #expect(!busy.isValid(at: start.adding(seconds: 43_200)))
    }

    @Test("ends when somebody ends it, once")
    func ended() {
        let ended = session.ended(at: start)
        #expect(!ended.isValid(at: start))
        #expect(ended.ended(at: start.adding(seconds: 5)).endedAt == start)
    }

    @Test("is found by the hash of its token, which is not the token")
    func token() throws {
        let token = SessionToken()
        #expect(token.text.count == 64)
        #expect(try #require(SessionToken(token.text)).digest == token.digest)
        #expect(token.digest.hex != token.text)
        #expect(SessionToken() != SessionToken())
        for text in ["", "00", token.text + "00", String(repeating: "g", count: 64)] {
            #expect(SessionToken(text) == nil)
        }
    }
}

@Suite("SignInThrottle")
struct SignInThrottleTests {
    @Test(
        "waits twice as long after each failure, and a quarter of an hour from the tenth on",
        arguments: [(0, 0), (1, 1), (2, 2), (3, 4), (9, 256), (10, 900), (11, 900), (1000, 900)] as [(Int, Int64)]
    )
    func delays(failures: Int, seconds: Int64) {
        let throttle = SignInThrottle(failures: failures, lastFailureAt: start)
        #expect(throttle.wait(at: start) == seconds)
        #expect(throttle.wait(at: start.adding(seconds: seconds)) == 0)
        #expect(throttle.wait(at: start.adding(seconds: -7200)) == seconds)
    }

    @Test("refuses an attempt that comes too early, and says when to come back")
    func check() throws {
        let throttle = SignInThrottle().failed(at: start).failed(at: start)
        #expect(throws: AccessError.signInThrottled(seconds: 2)) { try throttle.check(at: start) }
        #expect(throws: AccessError.signInThrottled(seconds: 1)) {
            try throttle.check(at: start.adding(milliseconds: 1999))
        }
        try throttle.check(at: start.adding(seconds: 2))
        #expect(AccessError.signInThrottled(seconds: 2).isTransient)
    }

    @Test("forgets after a day without failures")
    func memory() {
        let throttle = SignInThrottle(failures: 9, lastFailureAt: start)
        #expect(throttle.failed(at: start.adding(seconds: 86_399)).failures == 10)
        #expect(throttle.failed(at: start.adding(seconds: 86_400)).failures == 1)
    }
}

@Suite("PasswordPolicy")
struct PasswordPolicyTests {
    @Test(
        "refuses what is short, long, common or names its owner",
        arguments: [
            ("kx7#mq2", .tooShort(length: 7)), ("kx7#mq2v", nil), (String(repeating: "kx7#mq2v", count: 16), nil),
            (String(repeating: "kx7#mq2v", count: 16) + "!", .tooLong(length: 129)), ("12345678", .tooCommon),
            ("87654321", .tooCommon), ("abcdefghij", .tooCommon), ("aaaaaaaa", .tooCommon), ("abababab", .tooCommon),
            ("Woaini1314", .tooCommon), ("woaini520!", .tooCommon), ("5201314520", .tooCommon),
            ("Caiwu@2026", .tooCommon), ("kuaiji123", .tooCommon), ("P@ssw0rd", .tooCommon), ("1qaz@WSX", .tooCommon),
            ("19900101", .tooCommon), ("13800138000", .tooCommon), ("Pingqiao2026", .tooCommon),
            ("lilei-kx7#mq2v", .containsLogin), ("kx7LILEImq2v", .containsLogin), ("acme.kx7#mq2v", .tooCommon),
            ("青山不改绿水长流", nil), ("correct horse battery", nil), ("caiwu-river-73-lamp", nil),
        ] as [(String, PasswordError?)]
    )
    func table(password: String, expected: PasswordError?) {
        let found: PasswordError?
        do throws(PasswordError) {
            try PasswordPolicy.check(password, login: "lilei", context: ["ACME"])
            found = nil
        } catch {
            found = error
        }
        #expect(found == expected)
        #expect(found.map { $0.problem.code.hasPrefix("access.password_") } ?? true)
    }
}

@Suite("APIToken")
struct APITokenTests {
    private let li = Person(id: "p-li", login: "li", name: "李")

    @Test("is read back, and a wrong letter anywhere is noticed without asking the store")
    func text() throws {
        let token = APIToken()
        #expect(token.text.hasPrefix("pq_"))
        #expect(try #require(APIToken(token.text)) == token)
        for index in token.text.indices {
            var wrong = token.text
            wrong.replaceSubrange(index...index, with: wrong[index] == "0" ? "1" : "0")
            #expect(APIToken(wrong) == nil)
        }
        #expect(APIToken(token.text + "0") == nil)
        #expect(APIToken("") == nil)
    }

    @Test("allows no more than its owner may, for at most a year")
    func limits() throws {
        func make(_ rights: Set<Right>, days: Int64) throws(AccessError) -> APITokenGrant {
            try APITokenGrant(
                for: APIToken(bytes: [UInt8](repeating: 1, count: 32)),
                owner: li,
                name: "import",
                book: "a",
                rights: rights,
                grants: [Grant(person: li.id, role: .maker, book: "a")],
                createdAt: start,
                lifetimeDays: days
            )
        }
        let token = try make([.voucherEdit], days: 365)
        #expect(token.isValid(at: start.adding(seconds: 365 * 86_400 - 1)))
        #expect(!token.isValid(at: start.adding(seconds: 365 * 86_400)))
        #expect(throws: AccessError.tokenLifetime(days: 366)) { try make([.voucherEdit], days: 366) }
        #expect(throws: AccessError.tokenLifetime(days: 0)) { try make([.voucherEdit], days: 0) }
        #expect(throws: AccessError.tokenRightsExceeded([.periodClose, .voucherPost])) {
            try make([.voucherEdit, .voucherPost, .periodClose], days: 1)
        }
    }
}
