/// One sentence in the two languages of the program, Chinese first.
///
/// Texts that people read are born in both languages at the place that knows the values, so neither
/// can be forgotten or drift away from the other.
package struct Phrase: Hashable, Sendable {
    package let zh: String
    package let en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// The sentence in one language; every language but Chinese reads the English one.
    package func text(in language: Language) -> String {
        switch language {
        case .zh: zh
        case .en: en
        }
    }
}

/// A language of the program's own texts. What a company wrote stays as it was written.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case zh
    case en
}
