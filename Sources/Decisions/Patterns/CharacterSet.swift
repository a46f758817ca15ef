/// Which characters a place of a pattern takes.
indirect enum CharacterSet {
    case any
    case anyButNewline
    case scalar(Unicode.Scalar)
    case range(ClosedRange<UInt32>)
    case digit
    case space
    case word
    case nameStart
    case namePart
    case category(String)
    case union([CharacterSet])
    case inverse(CharacterSet)
    case difference(CharacterSet, CharacterSet)

    func contains(_ scalar: Unicode.Scalar, ignoresCase: Bool) -> Bool {
        switch self {
        case .union(let sets): return sets.contains { $0.contains(scalar, ignoresCase: ignoresCase) }
        case .inverse(let set): return !set.contains(scalar, ignoresCase: ignoresCase)
        case .difference(let set, let other):
            return set.contains(scalar, ignoresCase: ignoresCase) && !other.contains(scalar, ignoresCase: ignoresCase)
        case .scalar, .range:
            if holds(scalar) { return true }
            guard ignoresCase else { return false }
            return [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping].contains { mapping in
                guard mapping.unicodeScalars.count == 1, let other = mapping.unicodeScalars.first else { return false }
                return other != scalar && holds(other)
            }
        default: return holds(scalar)
        }
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .any: true
        case .anyButNewline: scalar != "\n" && scalar != "\r"
        case .scalar(let own): scalar == own
        case .range(let range): range.contains(scalar.value)
        case .digit: scalar.properties.generalCategory == .decimalNumber
        case .space: scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
        case .word: !Self.isCategory("P", scalar) && !Self.isCategory("Z", scalar) && !Self.isCategory("C", scalar)
        case .nameStart: scalar == ":" || (scalar != "?" && Spelling.startsName(scalar))
        case .namePart:
            scalar == ":" || scalar == "-" || scalar == "." || (scalar != "?" && Spelling.continuesName(scalar))
        case .category(let name): Self.isCategory(name, scalar)
        case .union, .inverse, .difference: false
        }
    }

    static let blocks: [String: ClosedRange<UInt32>] = [
        "BasicLatin": 0...0x7F, "Latin-1Supplement": 0x80...0xFF, "LatinExtended-A": 0x100...0x17F,
        "LatinExtended-B": 0x180...0x24F, "Greek": 0x370...0x3FF, "Cyrillic": 0x400...0x4FF, "Hebrew": 0x590...0x5FF,
        "Arabic": 0x600...0x6FF, "GeneralPunctuation": 0x2000...0x206F, "CurrencySymbols": 0x20A0...0x20CF,
        "CJKSymbolsandPunctuation": 0x3000...0x303F, "Hiragana": 0x3040...0x309F, "Katakana": 0x30A0...0x30FF,
        "CJKUnifiedIdeographs": 0x4E00...0x9FFF, "HangulSyllables": 0xAC00...0xD7AF,
        "HalfwidthandFullwidthForms": 0xFF00...0xFFEF,
    ]

    static func isCategory(_ name: String) -> Bool {
        categoryNames.contains(name) || categoryNames.contains { $0.prefix(1) == name }
    }

    private static let categoryNames: Set<String> = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cn",
    ]

    private static func isCategory(_ name: String, _ scalar: Unicode.Scalar) -> Bool {
        code(of: scalar.properties.generalCategory).hasPrefix(name)
    }

    private static func code(of category: Unicode.GeneralCategory) -> String {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}
