package import Kernel

/// What a password must be, and must not be.
///
/// Length counts, composition does not: no rule asks for capitals or digits, none forces a change.
package enum PasswordPolicy {
    package static let minimumLength = 8
    package static let maximumLength = 128

    /// Checks a new password of a person. Old passwords are not checked: they only have to match.
    ///
    /// - Parameter context: Words of the place that everybody guesses first: the person's name, the company.
    package static func check(
        _ password: String,
        login: String,
        context: [String] = []
    ) throws(PasswordError) {
        // Scalars, not characters: one character can hide any number of bytes.
        let length = password.unicodeScalars.count
        guard length >= minimumLength else { throw .tooShort(length: length) }
        guard length <= maximumLength else { throw .tooLong(length: length) }
        let folded = password.lowercased()
        for word in [login] + context where word.count >= 3 {
            guard !folded.contains(word.lowercased()) else { throw word == login ? .containsLogin : .tooCommon }
        }
        guard !isCommon(folded) else { throw .tooCommon }
    }

    private static func isCommon(_ password: String) -> Bool {
        if CommonPasswords.whole.contains(password) { return true }
        if Set(password).count <= 2 || isSequence(password) || isDateOrPhone(password) { return true }
        // `caiwu@2026` is the word `caiwu` and the habit of adding something to it.
        let core = password.drop { !$0.isLetter }.reversed().drop { !$0.isLetter }.reversed()
        return CommonPasswords.words.contains(String(core)) && password.count - core.count <= 6
    }

    /// `12345678`, `abcdefgh`, `87654321`: each character one step from the one before.
    private static func isSequence(_ password: String) -> Bool {
        let values = password.unicodeScalars.map { Int($0.value) }
        let steps = Set(zip(values, values.dropFirst()).map { $1 - $0 })
        return steps == [1] || steps == [-1]
    }

    /// A birthday such as `19900101`, or a mobile number.
    private static func isDateOrPhone(_ password: String) -> Bool {
        let digits = Array(password.utf8)
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return false }
        switch digits.count {
        case 8: return Int(password).map { (1900_01_01...2099_12_31).contains($0) } ?? false
        case 11: return password.hasPrefix("1")
        default: return false
        }
    }
}

/// Why a password is refused.
package enum PasswordError: Error, Hashable {
    case tooShort(length: Int)
    case tooLong(length: Int)
    case tooCommon
    case containsLogin
    case unchanged
}

extension PasswordError: Explainable {
    package var problem: Problem {
        let location = Phrase(zh: "新密码", en: "the new password")
        switch self {
        case .tooShort(let length):
            return Problem(
                code: "access.password_too_short",
                title: Phrase(zh: "密码太短。", en: "The password is too short."),
                location: location,
                cause: Phrase(
                    zh: "共 \(length) 个字符，至少 \(PasswordPolicy.minimumLength) 个。",
                    en: "It has \(length) characters; it needs at least \(PasswordPolicy.minimumLength)."
                ),
                remedy: Phrase(
                    zh: "请加长，例如用几个互不相关的词。",
                    en: "Make it longer, for example with a few words that have nothing to do with each other."
                )
            )
        case .tooLong(let length):
            return Problem(
                code: "access.password_too_long",
                title: Phrase(zh: "密码太长。", en: "The password is too long."),
                location: location,
                cause: Phrase(
                    zh: "共 \(length) 个字符，上限 \(PasswordPolicy.maximumLength) 个。",
                    en: "It has \(length) characters; the limit is \(PasswordPolicy.maximumLength)."
                ),
                remedy: Phrase(zh: "请缩短后重试。", en: "Shorten it.")
            )
        case .tooCommon:
            return Problem(
                code: "access.password_common",
                title: Phrase(zh: "密码太常见。", en: "The password is too common."),
                location: location,
                cause: Phrase(
                    zh: "它是常用密码、连续字符、日期或手机号，或由人人想得到的词加几个字符组成。",
                    en:
                        "It is a well-known password, a sequence, a date or phone number, or an obvious word with a few "
                        + "characters added."
                ),
                remedy: Phrase(
                    zh: "请改用别人猜不到的密码，例如几个互不相关的词。",
                    en: "Choose one nobody would try, for example a few words that have nothing to do with each other."
                )
            )
        case .containsLogin:
            return Problem(
                code: "access.password_contains_login",
                title: Phrase(zh: "密码包含登录名。", en: "The password contains the login name."),
                location: location,
                cause: Phrase(zh: "登录名人人可见。", en: "Everybody can see a login name."),
                remedy: Phrase(zh: "请改用不含登录名的密码。", en: "Choose one without it.")
            )
        case .unchanged:
            return Problem(
                code: "access.password_unchanged",
                title: Phrase(zh: "新密码与当前密码相同。", en: "The new password is the current one."),
                location: location,
                cause: Phrase(zh: "更换密码须换成另一个。", en: "A change needs another password."),
                remedy: Phrase(zh: "请输入不同的密码。", en: "Choose a different one.")
            )
        }
    }
}
