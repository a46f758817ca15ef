// A long table: passwords and words that are tried first, worldwide and on Chinese keyboards.

/// What everybody tries first. Lower case; a capital or two does not make them better.
enum CommonPasswords {
    /// Refused as they stand. None is shorter than a password may be.
    static let whole: Set<String> = Set(
        """
        123456789 1234567890 12345678910 0123456789 0987654321 9876543210 123456789a 123456789q 123456789abc
        a123456789 aa123456789 abc123456789 q123456789 z123456789 w123456789 qq123456789 as123456789
        a1234567 aa123456 abc123456 abcd1234 abcd123456 abcde12345 abc12345 abc123abc abcdef123 abcdefg1 abcdefg123
        1234abcd 12345abc 12345qwe 123456abc 123456qwe 1234qwer 123qweasd 123qweasdzxc 123qwe123 qwe123456 qwe123qwe
        q1w2e3r4 q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 qaz123456 qazwsx123
        qazwsxedc qazwsxedcrfv 1qaz@wsx !qaz2wsx zaq12wsx zaq1xsw2 2wsx3edc qweasdzxc qweasd123 qwerasdf asdfqwer
        qwertyui qwertyuiop asdfghjk asdfghjkl zxcvbnm1 zxcvbnm123 zxcvbnm, asdf1234 asdfasdf asd123456 zxc123456
        zxcvasdf qwer1234 qwert123 qwert12345 qwerty12 qwerty123 qwerty1234 qwerty12345 poiuytrewq lkjhgfdsa mnbvcxz1
        11223344 1122334455 112233445566 11112222 11221122 12121212 12341234 12344321 123123123 123321123 123454321
        12345679 123456780 123456987 1234567891 123654789 147258369 741852963 159357456 159753456 159951159 147852369
        321321321 456456456 789789789 789456123 987456321 963852741 951753852 963258741 258258258 369369369 520520520
        5201314 52013140 520131400 5201314520 52013141314 13145200 1314520520 520520520520 5841314520 7758258258
        77585210 7758521521 1314521521 201314201314 20131420 woaini520 woaini521 woaini123 woaini1314 woaini1314520
        woaini5201314 wo123456 woaiwojia woshishui woshinidie nihao123 nihao123456 iloveyou iloveyou1 iloveyou2
        iloveyou520 iloveyou1314 love1314 love5201314 love520520 ilove520 aini1314 aini5201314 zhang123 zhang1234
        zhang123456 wang1234 wang123456 chen1234 chen123456 yang1234 yang123456 zhao1234 zhao123456 huang123
        huang123456 liu123456 li123456 lin123456 xiaoming123 xiaohong123 zhangwei123 wangwei123 lihua123 zxy123456
        a1b2c3d4 a1s2d3f4 q1q1q1q1 a1a1a1a1 aaa111222 aaa123456 aaaa1111 aaaa1234 aaabbb111 aabbcc123 aass1122
        qq123456 qq1234567 qq12345678 wx123456 weixin123 wy123456 dd123456 dingding123 feishu123 lark12345
        asd12345 asdasd123 asdasdasd qweqweqwe qweqwe123 zxczxczxc zxczxc123 qazqazqaz wsxwsxwsx 123asdfgh
        p@ssw0rd p@ssword pa$$w0rd pa$$word passw0rd passw0rd1 p@ssw0rd1 p@ssw0rd123 password1 password12 password123
        password1234 password! passwd123 admin@123 admin123 admin1234 admin12345 admin123456 admin888 admin8888
        admin666 root123456 root@123 toor1234 administrator system123 system@123 sysadmin1 manager1 test1234 test12345
        test123456 test@123 guest123 user1234 user123456 demo1234 demo123456 temp1234 welcome1 welcome123 welcome@123
        changeme changeme1 changeme123 letmein1 letmein123 default1 initial1 init1234 hello123 hello1234 hello@123
        abc@1234 abc@123456 abc!1234 aa@123456 aa112233 aa111111 aa000000 aa888888 aa666666 a000000a a111111a
        qwe!@#123 123!@#qwe qwer!@#$ 1234!@#$ !@#$1234 !@#$%^&* !@#$%^&*() 123456!@ 123456@a a123456! a@123456
        a12345678 a87654321 q1234567 q12345678 w1234567 z1234567 z12345678 s1234567 m1234567 x1234567 l1234567
        88888888 66666666 00000000 11111111 99999999 88889999 66668888 16881688 168168168 518518518 888666888
        football baseball basketball superman batman123 spiderman starwars pokemon1 dragon123 monkey123 sunshine
        princess princess1 trustno1 whatever computer internet michelle jennifer charlie1 liverpool chelsea1 arsenal1
        samsung1 google123 facebook1 minecraft naruto123 mercedes corvette cocacola freedom1 shadow123 master123
        killer123 jordan23 michael1 asdf;lkj qwertz123 azerty123 1234567q 1234567a 12345678a 12345678q 12345678abc
        abcd@1234 abcd!234 zaq!2wsx zaq!xsw2 1qaz!qaz xsw2zaq1 qwaszx12 qwaszx123 wsad1234 wasdwasd 1a2b3c4d 1a2s3d4f
        kingdee123 kingdee888 kingdee@123 yonyou123 yonyou888 yonyou@123 ufida123 ufsoft123 fanwei123 weaver123
        seeyon123 seeyon123456 landray123 zhiyuan123 tongda123 caiwu123456 kuaiji123456 chuna123456 caiwu88888
        finance123 account123 accounting1 accountant1 invoice1 invoice123 voucher1 voucher123 pingzheng123 fapiao123
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )

    /// Refused with up to six digits and signs around them.
    static let words: Set<String> = Set(
        """
        password passwd pass word passwort admin administrator root system sysadmin manager master user guest test
        demo temp default initial init welcome hello letmein changeme login secret private server oracle mysql
        postgres redis linux ubuntu debian windows microsoft apple huawei xiaomi alibaba tencent baidu dingtalk
        dingding feishu lark weixin wechat wecom qiye gongsi company group office work kingdee jindie yonyou yongyou
        ufida fanwei weaver ecology seeyon zhiyuan landray lanling tongda inspur langchao pingqiao
        caiwu kuaiji chuna shenhe jizhang zhidan shuiwu fapiao pingzheng zhangtao baoxiao jiezhang zongzhang
        caiwubu caiwuke kuaijike finance account accounting accountant cashier invoice voucher ledger audit auditor
        tax money salary gongzi jiangjin zhanghao mima wodemima denglu guanliyuan xitong jisuanji diannao
        woaini woaini woaiwo woaizuguo woaizhongguo woaijia aini baobei baobao laopo laogong qinai meinv shuaige
        nihao zaijian xiexie duibuqi zhongguo china beijing shanghai guangzhou shenzhen hangzhou nanjing wuhan
        chengdu chongqing tianjin suzhou xian qingdao dalian xiamen changsha zhengzhou hongkong taiwan
        zhangsan lisi wangwu zhaoliu zhang wang li zhao chen liu yang huang zhou wu xu sun ma zhu hu guo he lin gao luo
        zhangwei wangwei wangfang liwei lina zhangmin lijing wangjing liuwei zhangli chenwei xiaoming xiaohong
        facai gongxi gongxifacai xinnian kuaile shengri chunjie pingan jixiang ruyi fuxing lucky happy
        qwerty qwertyuiop qwer qwert asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qaz qazwsx wsx edc qwe asd zxc qweasd
        abc abcd abcde abcdef abcdefg abcabc aaa aaaa aaaaaa aa bb qq ww zz xx a q z w p
        love iloveyou ilove lover angel baby prince princess dragon tiger monkey panda long football basketball
        summer winter spring autumn monday friday sunday january december secret qwertz azerty
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )
}
