//! Invented names: a surname by its share of the population, and one or two characters that go well with it.

use super::dice::Dice;

/// Surname, pinyin, share in ten thousand, roughly as in the south-west.
const SURNAMES: &[(&str, &str, u32)] = &[
    ("李", "li", 760),
    ("王", "wang", 620),
    ("张", "zhang", 640),
    ("刘", "liu", 560),
    ("陈", "chen", 560),
    ("杨", "yang", 420),
    ("黄", "huang", 330),
    ("周", "zhou", 300),
    ("吴", "wu", 230),
    ("赵", "zhao", 150),
    ("唐", "tang", 190),
    ("罗", "luo", 230),
    ("何", "he", 210),
    ("胡", "hu", 190),
    ("谭", "tan", 170),
    ("邓", "deng", 180),
    ("冉", "ran", 150),
    ("向", "xiang", 140),
    ("谢", "xie", 140),
    ("彭", "peng", 140),
    ("曾", "zeng", 130),
    ("蒋", "jiang", 130),
    ("徐", "xu", 140),
    ("郑", "zheng", 100),
    ("余", "yu", 120),
    ("廖", "liao", 110),
    ("袁", "yuan", 100),
    ("冯", "feng", 100),
    ("田", "tian", 100),
    ("熊", "xiong", 90),
    ("马", "ma", 90),
    ("朱", "zhu", 100),
    ("魏", "wei", 80),
    ("秦", "qin", 80),
    ("龙", "long", 70),
    ("代", "dai", 70),
    ("江", "jiang", 70),
    ("汪", "wang", 70),
    ("夏", "xia", 70),
    ("石", "shi", 60),
    ("万", "wan", 60),
    ("任", "ren", 60),
    ("傅", "fu", 50),
    ("程", "cheng", 50),
    ("钟", "zhong", 60),
    ("肖", "xiao", 60),
    ("雷", "lei", 50),
    ("龚", "gong", 50),
    ("苏", "su", 40),
    ("蔡", "cai", 40),
    ("韩", "han", 40),
    ("姚", "yao", 40),
    ("文", "wen", 50),
    ("况", "kuang", 30),
    ("白", "bai", 30),
    ("牟", "mou", 30),
    ("游", "you", 30),
    ("欧阳", "ouyang", 10),
    ("段", "duan", 30),
    ("童", "tong", 30),
];

const MALE: &[(&str, &str)] = &[
    ("伟", "wei"),
    ("强", "qiang"),
    ("军", "jun"),
    ("勇", "yong"),
    ("杰", "jie"),
    ("涛", "tao"),
    ("磊", "lei"),
    ("刚", "gang"),
    ("波", "bo"),
    ("辉", "hui"),
    ("鹏", "peng"),
    ("浩", "hao"),
    ("峰", "feng"),
    ("斌", "bin"),
    ("宇", "yu"),
    ("建", "jian"),
    ("国", "guo"),
    ("志", "zhi"),
    ("德", "de"),
    ("光", "guang"),
    ("荣", "rong"),
    ("福", "fu"),
    ("泽", "ze"),
    ("俊", "jun"),
    ("博", "bo"),
    ("航", "hang"),
    ("毅", "yi"),
    ("成", "cheng"),
    ("洪", "hong"),
    ("树", "shu"),
    ("世", "shi"),
    ("兴", "xing"),
];

const FEMALE: &[(&str, &str)] = &[
    ("芳", "fang"),
    ("娟", "juan"),
    ("敏", "min"),
    ("静", "jing"),
    ("丽", "li"),
    ("艳", "yan"),
    ("秀", "xiu"),
    ("玲", "ling"),
    ("燕", "yan"),
    ("梅", "mei"),
    ("莉", "li"),
    ("兰", "lan"),
    ("霞", "xia"),
    ("红", "hong"),
    ("萍", "ping"),
    ("琼", "qiong"),
    ("碧", "bi"),
    ("素", "su"),
    ("淑", "shu"),
    ("桂", "gui"),
    ("婷", "ting"),
    ("雪", "xue"),
    ("欣", "xin"),
    ("怡", "yi"),
    ("涵", "han"),
    ("诗", "shi"),
    ("语", "yu"),
    ("佳", "jia"),
    ("蓉", "rong"),
    ("英", "ying"),
    ("群", "qun"),
    ("会", "hui"),
];

const NEUTRAL: &[(&str, &str)] = &[
    ("明", "ming"),
    ("华", "hua"),
    ("平", "ping"),
    ("文", "wen"),
    ("林", "lin"),
    ("春", "chun"),
    ("晓", "xiao"),
    ("云", "yun"),
    ("子", "zi"),
    ("思", "si"),
    ("雨", "yu"),
    ("永", "yong"),
    ("海", "hai"),
    ("小", "xiao"),
    ("天", "tian"),
    ("一", "yi"),
    ("乐", "le"),
    ("安", "an"),
    ("清", "qing"),
    ("庆", "qing"),
    ("金", "jin"),
    ("玉", "yu"),
    ("若", "ruo"),
    ("新", "xin"),
];

const FOREIGN: &[(&str, &str)] =
    &[("安娜", "an na"), ("彼得", "bi de"), ("玛丽亚", "ma li ya"), ("托马斯", "tuo ma si"), ("索菲", "suo fei"), ("卢卡", "lu ka")];

/// A family name, as an index of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Surname(usize);

/// A surname by its share.
pub(crate) fn surname(dice: &mut Dice) -> Surname {
    let total: u32 = SURNAMES.iter().map(|(_, _, share)| share).sum();
    let mut throw = dice.below(total as usize) as u32;
    for (index, (_, _, share)) in SURNAMES.iter().enumerate() {
        if throw < *share {
            return Surname(index);
        }
        throw -= share;
    }
    Surname(0)
}

/// A full name and its pinyin: surname, a space, the given name in one word.
pub(crate) fn name(surname: Surname, male: bool, dice: &mut Dice) -> (String, String) {
    let (family, family_pinyin, _) = SURNAMES[surname.0];
    let own = if male { MALE } else { FEMALE };
    let (last, last_pinyin) = own[dice.below(own.len())];
    if dice.chance(0.18) {
        return (format!("{family}{last}"), format!("{family_pinyin} {last_pinyin}"));
    }
    let first = if dice.chance(0.6) { NEUTRAL } else { own };
    let (first, first_pinyin) = first[dice.below(first.len())];
    if dice.chance(0.5) {
        (format!("{family}{first}{last}"), format!("{family_pinyin} {}", word(first_pinyin, last_pinyin)))
    } else {
        (format!("{family}{last}{first}"), format!("{family_pinyin} {}", word(last_pinyin, first_pinyin)))
    }
}

/// Two syllables in one word, with the apostrophe that GB/T 16159 puts before a vowel.
fn word(first: &str, second: &str) -> String {
    let divided = if second.starts_with(['a', 'o', 'e']) { "'" } else { "" };
    format!("{first}{divided}{second}")
}

/// The name of somebody from abroad.
pub(crate) fn foreign_name(dice: &mut Dice) -> (String, String) {
    let (name, pinyin) = FOREIGN[dice.below(FOREIGN.len())];
    (name.to_owned(), pinyin.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_two_to_four_characters_and_a_pinyin_of_two_words() {
        let mut dice = Dice::new(3, 3);
        for _ in 0..1_000 {
            let family = surname(&mut dice);
            let (name, pinyin) = name(family, dice.chance(0.5), &mut dice);
            assert!((2..=4).contains(&name.chars().count()), "{name}");
            assert_eq!(pinyin.split(' ').count(), 2, "{pinyin}");
            assert!(pinyin.bytes().all(|byte| matches!(byte, b' ' | b'\'') || byte.is_ascii_lowercase()), "{pinyin}");
        }
    }
}
