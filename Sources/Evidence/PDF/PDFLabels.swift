import Kernel

/// Finds what is printed behind a label, on pages whose labels come in one piece or letter by letter.
struct PDFLabels {
    let page: PDFPage

    /// A label that was found, with the text behind it.
    struct Match {
        let value: String?
        let word: PDFWord
    }

    /// The values behind a label, from top to bottom and left to right.
    func all(_ names: String...) -> [Match] {
        page.rows.flatMap { row in
            row.indices.compactMap { start in
                names.lazy.compactMap { match($0, in: row, from: start) }.first
            }
        }
    }

    func first(_ names: String...) -> String? {
        for name in names {
            if let value = all(name).lazy.compactMap(\.value).first { return value }
        }
        return nil
    }

    /// Reads a label and its colon from a word on, and what follows it.
    private func match(_ name: String, in row: [PDFWord], from start: Int) -> Match? {
        guard let letter = name.first, row[start].text.first == letter else { return nil }
        var label = ""
        for index in start..<min(start + 5, row.count) {
            for (offset, character) in row[index].text.enumerated() {
                if character == "：" || character == ":" {
                    guard label == name else { return nil }
                    let rest = String(row[index].text.dropFirst(offset + 1))
                    return Match(value: value(rest, after: index, in: row), word: row[start])
                }
                label.append(character)
            }
            guard name.hasPrefix(label) else { return nil }
        }
        return nil
    }

    /// The words behind the colon, as far as they stand together.
    private func value(_ rest: String, after index: Int, in row: [PDFWord]) -> String? {
        var text = rest
        var end = row[index].right
        for word in row[(index + 1)...] {
            // The form leaves room behind a label; behind a value the next column begins.
            let room = text.isEmpty ? 4 * word.height : 12 * word.height / 10
            // What stands behind another label is not this one's.
            guard word.left - end <= room, !word.text.hasSuffix("："), !word.text.hasSuffix(":") else { break }
            text += text.isEmpty ? word.text : spaces(end, word) + word.text
            end = word.right
        }
        return text.nonEmpty
    }
}

/// The blanks a gap stands for; half the height of the letters is one.
func spaces(_ end: Int, _ word: PDFWord) -> String {
    let gap = word.left - end
    let blank = max(1, word.height / 2)
    guard gap * 10 > 2 * blank else { return "" }
    return String(repeating: " ", count: min(16, max(1, (gap + blank / 2) / blank)))
}
